package dev.ringside.integration.embedded;

class ThreadContextsIT extends ThreadContextsTests {}

/// Ringside inside a Java service, in a JVM of its own.
package dev.ringside.integration.embedded;

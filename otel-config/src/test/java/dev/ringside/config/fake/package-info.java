/// A receiver and a kernel for tests.
package dev.ringside.config.fake;

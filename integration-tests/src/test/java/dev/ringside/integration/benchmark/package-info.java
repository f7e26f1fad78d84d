/// Benchmarks that anybody can repeat with one command, `./ringside benchmark`: each does the same
/// work with Ringside and with a peer, in the same run, and says what came out, with its spread,
/// against a goal. What they say is the page `integration-tests/BENCHMARKS.md`, written by
/// [dev.ringside.integration.benchmark.Benchmarks].
///
/// A benchmark is one class that implements [dev.ringside.integration.benchmark.Benchmark] and a
/// line in the list of `Benchmarks`. They are no tests: nothing here asserts a time, and the tests
/// beside them are about the page.
package dev.ringside.integration.benchmark;

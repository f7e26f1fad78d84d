/// The way out: connections to OTLP servers, over HTTP ([HttpConnection]) and gRPC
/// ([GrpcConnection]).
///
/// OpenTelemetry configures them (endpoint, headers, compression, TLS, time limits): its exporters
/// look for a sender through a service interface, and [Connections] puts ours there. Theirs drop
/// what a server says besides its status: `Retry-After`, `RetryInfo` and `partial_success`; they
/// retry by themselves, without honouring it, and on plain sockets a small last packet waits for an
/// acknowledgement (Nagle's algorithm).
///
/// HTTP goes through the JDK's `HttpURLConnection`, which needs no further classes or threads; gRPC
/// through OkHttp, which comes with OpenTelemetry's exporters and is loaded only by who uses gRPC.
package dev.ringside.config.connection;

/// What arrives over OTLP: a real Collector ([RealCollector]) that writes it to files, and records
/// read from them ([OtlpJson]).
package dev.ringside.integration.otlp;

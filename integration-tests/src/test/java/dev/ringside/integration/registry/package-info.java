/// Holds what arrived against the registry in `semconv/model`.
package dev.ringside.integration.registry;

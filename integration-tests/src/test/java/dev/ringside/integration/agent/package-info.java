/// The packaged agent, as a process of its own, against a real Collector: what arrives is compared
/// with what really happened, record by record.
package dev.ringside.integration.agent;

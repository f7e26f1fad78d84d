/// Receivers at work: [Agent] opens, binds and loads each, gives them one thread and one place to
/// report to, and takes everything down in the order in which nothing is lost.
///
/// [Kernel] stands between the agent and `dev.ringside.bpf`, so that the agent's own behaviour can
/// be tested without a kernel.
package dev.ringside.config.agent;

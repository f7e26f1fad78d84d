/// What really happens: small programs ([Programs]) that run in a cgroup of their own
/// ([OwnCgroup]), so that nothing else on the machine is observed, and say exactly what they did
/// ([Truth]).
package dev.ringside.integration.workload;

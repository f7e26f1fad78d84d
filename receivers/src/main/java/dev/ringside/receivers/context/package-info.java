/// In which span the threads of this very program were, so that what the kernel saw one of them do
/// can be told as part of a trace.
///
/// OpenTelemetry keeps the current span in a thread's own variable, where no other thread sees it,
/// and by the time an event of the kernel is read the thread is somewhere else. So
/// [RecordingStorage] stands before OpenTelemetry's own storage and writes each change with its
/// time into the [ContextRing] of its thread. [ContextRecorder] has the rings of all threads, by
/// the kernel's numbers of them; [RecordedContexts] looks into them with the kernel's time.
///
/// It never guesses. What was overwritten, what a virtual thread did, and what nobody recorded is
/// not known.
package dev.ringside.receivers.context;

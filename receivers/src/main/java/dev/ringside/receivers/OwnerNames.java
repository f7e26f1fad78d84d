package dev.ringside.receivers;

/// What an owner of connections is called, told before the first event of theirs: `struct
/// owner_names`.
///
/// @param time nanoseconds of CLOCK_BOOTTIME
record OwnerNames(long time, Owner.Key owner, String executableName, CgroupNames cgroup) {}

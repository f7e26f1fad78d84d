package dev.ringside.receivers.telemetry;

import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.resources.Resource;

/// Where a record comes from: the same objects for all records of a receiver, since exporters group
/// by identity.
///
/// @param resource the host that is observed
/// @param scope the receiver
/// @param counts the receiver's account
record Origin(Resource resource, InstrumentationScopeInfo scope, ReceiverCounts counts) {

  /// The scope's name is the receiver's stem below the project's own name.
  static InstrumentationScopeInfo scope(String receiver, String version) {
    return InstrumentationScopeInfo.builder(scopeName(receiver)).setVersion(version).build();
  }

  static String scopeName(String receiver) {
    return "dev.ringside." + receiver;
  }
}

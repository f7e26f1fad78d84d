/// A receiver of somebody else, with a mistake in it. Not among this module's services: it only
/// exists for an agent that has it on its class path.
package dev.ringside.integration.thirdparty;

/// The front door.
package dev.ringside.config;

/// The house keeps its shape: walls between rooms, and one stem for everything of a receiver.
package dev.ringside.integration.architecture;

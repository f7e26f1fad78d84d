/// From settings to a receiver's options record: [OptionKey] says which options a receiver has,
/// [OptionType] how each is written, [OptionsBinder] puts one into the other and says what does not
/// fit, [ReceiverSelection] says which receivers run, each with its options.
package dev.ringside.config.options;

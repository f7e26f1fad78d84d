/// Takes secrets out of argument vectors before anybody else sees them.
///
/// [ArgumentSanitizer] is the door. Behind it, arguments are looked at in three ways, and what any
/// of them finds is replaced: [Commands] knows options and programs, [Pairs] finds `name=value` in
/// all its dialects, [Urls] and [Tokens] know a secret by its form. [Shell] takes command strings
/// apart, so that all three also see what is quoted inside an argument. All of it takes time in
/// proportion to the arguments' length; there are no regular expressions that could do otherwise.
package dev.ringside.receivers.sanitize;

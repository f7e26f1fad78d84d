/// Configuration before it has a meaning: a tree of scalars, lists and mappings ([Node]) that knows
/// where each piece was written ([Mark]), so that a [Problem] can say so.
///
/// Every reader of configuration adds its problems to a list and goes on, so that a user sees all
/// of them at once; whoever started the reading throws [InvalidConfigurationException] if there are
/// any.
package dev.ringside.config.tree;

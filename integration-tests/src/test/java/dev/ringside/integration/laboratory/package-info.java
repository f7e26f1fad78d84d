/// What runs tests inside the kernels of `lab/`, where there is no Maven. The tests themselves are
/// where they belong by what they are about: they are the same ones that run on this machine.
package dev.ringside.integration.laboratory;

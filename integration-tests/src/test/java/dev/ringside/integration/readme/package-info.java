/// The front page against the house: what it shows is what there is.
package dev.ringside.integration.readme;

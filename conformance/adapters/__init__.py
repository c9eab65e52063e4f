"""One file per framework: our code that speaks to it, inside its own interpreter."""

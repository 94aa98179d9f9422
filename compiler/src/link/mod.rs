//! Code to an executable image.

//! Pairs that are looked at one by one.

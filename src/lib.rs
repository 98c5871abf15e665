//! cmss

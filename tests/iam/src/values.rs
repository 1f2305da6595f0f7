//! What a stack is given, and what it is called.

use std::collections::BTreeMap;

/// Texts by their names: parameters of a stack, or physical ids by logical ones.
pub type Values = BTreeMap<String, String>;

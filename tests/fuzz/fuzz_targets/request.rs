#![no_main]

use inputs::{Kind, try_input};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    try_input(Kind::Request, bytes);
});

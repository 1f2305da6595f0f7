//! The rehearsal's stack is that of the files.

use crate::common::on_a_stage;
use anyhow::Result;
use rehearsal::deployed::differences;
use rehearsal::stage::Stage;
use std::sync::Arc;

/// Given the release system as every test here has it
/// When its template and its machine's definition are read back from the local AWS
/// Then they are `template.yaml`, but for where the packages lie, and the definition byte for byte.
#[test]
fn what_is_deployed_is_what_the_files_say() {
    on_a_stage(&[], async |stage: Arc<Stage>| -> Result<()> {
        assert_eq!(differences(&stage.aws, &stage.deployed).await?, [""; 0]);
        Ok(())
    });
}

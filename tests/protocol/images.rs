//! The images that a tag may name, and what is said of each: by its signature, its scan and the team's verifier.

/// What is known of an image; none is not decided yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Image {
    pub signed: Option<bool>,
    pub scanned: Option<bool>,
    /// The verifier has said yes to it.
    pub verified: bool,
}

/// Two builds, and what surrounds them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Images {
    /// The stack lets in only what is signed, scanned and verified.
    pub checked: bool,
    /// The build that the tag names.
    pub tag: u8,
    pub of: [Image; 2],
}

/// Who decides about an image while nobody of the pipeline does anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    Signature,
    Scan,
}

/// What comes from the verifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    Yes,
    No,
    /// An odd answer, a late one or none.
    Nothing,
}

impl Said {
    pub const ALL: [Said; 3] = [Said::Yes, Said::No, Said::Nothing];
}

/// What a try of detect goes by: what its request names, its task, and its function's settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Wanted {
    pub build: u8,
    /// The build that the verifier has let in, as its task says.
    pub verified: Option<u8>,
    pub checked: bool,
}

/// What an execution knows of its image.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Vetted {
    /// The build that the verifier has let in.
    pub verified: Option<u8>,
    /// The plan's scan was still going.
    pub scan_pends: bool,
    /// The settings of the try that claimed wanted every check.
    pub claimed_checked: bool,
}

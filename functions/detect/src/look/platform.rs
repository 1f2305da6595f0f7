//! What an image is built for. Pure.
//!
//! A host takes `Linux/x86_64` for `linux/amd64` and an empty system for its own (containerd's package platforms). Other
//! spellings may mean anything to the next version, so only a platform that is plainly another one rules an image out.
//! Neither `variant` nor `os.version` does: a host may take an image of any.

use serde::Deserialize;

/// Systems on which ECS runs tasks.
const SYSTEMS: [&str; 2] = ["linux", "windows"];

/// CPUs as registries write them (Go's GOARCH).
const CPUS: [&str; 13] = [
    "386", "amd64", "arm", "arm64", "loong64", "mips", "mips64", "mips64le", "mipsle", "ppc64",
    "ppc64le", "riscv64", "s390x",
];

/// The platform of an image, as an index says it, or the configuration of a single image.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct Platform {
    os: Option<String>,
    architecture: Option<String>,
    variant: Option<String>,
}

impl Platform {
    /// The platform as registries write it: `linux/arm64`. None: it does not say both, or that it has none.
    pub fn name(&self) -> Option<String> {
        let [system, cpu] = self.words();
        let is_whole = !system.is_empty() && !cpu.is_empty() && !self.is_unknown();
        is_whole.then(|| format!("{system}/{cpu}"))
    }

    /// Whether it is this one, and any host of it runs that: a host without the variant would take another image.
    pub fn suits(&self, platform: Option<&str>) -> bool {
        let variant = self.variant.as_deref().unwrap_or_default();
        let everywhere = match self.words()[1].as_str() {
            "arm64" => ["", "8", "v8"].contains(&variant),
            _ => variant.is_empty(),
        };
        everywhere && platform.is_some() && self.name().as_deref() == platform
    }

    /// Whether it is plainly another one than this.
    pub fn is_other_than(&self, platform: Option<&str>) -> bool {
        let [system, cpu] = self.words();
        let is_plain = SYSTEMS.contains(&system.as_str()) && CPUS.contains(&cpu.as_str());
        is_plain && self.name().as_deref() != platform
    }

    /// Whether it says anything of what runs it.
    pub fn is_named(&self) -> bool {
        !self.is_unknown() && (self.os.is_some() || self.architecture.is_some())
    }

    /// BuildKit's attestations are for the platform unknown/unknown.
    pub fn is_unknown(&self) -> bool {
        self.os.as_deref() == Some("unknown")
    }

    /// System and CPU, in a registry's words.
    fn words(&self) -> [String; 2] {
        let word = |it: &Option<String>| it.as_deref().unwrap_or_default().to_ascii_lowercase();
        let cpu = word(&self.architecture);
        let cpu = match cpu.as_str() {
            "x86_64" | "x86-64" => "amd64",
            "aarch64" => "arm64",
            "i386" => "386",
            "armhf" | "armel" => "arm",
            other => other,
        };
        [word(&self.os), cpu.to_owned()]
    }
}

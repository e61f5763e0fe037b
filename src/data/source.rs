//! The kinds of data sets.

/// The data set of a run, which decides what a result may be compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// The 60,000 and 10,000 digits of MNIST, as in the paper (section III-A).
    Mnist,
    /// The 60,000 training digits of MNIST and the 50,000 lost ones of its test set, which Yadav and Bottou reconstructed in 2019.
    Qmnist,
    /// The 1,797 digits of 8x8 pixels that need no download; no figure of the paper belongs beside a result on them.
    Digits,
    /// Colour images of ten kinds of things, 32x32 pixels: not in the paper, which is older.
    Cifar10,
    /// A user's files in the IDX format.
    Idx,
    /// A user's pictures, a folder a class.
    Folder,
    /// Arrays of a program that uses the library.
    Own,
}

impl Source {
    /// Its name in settings and in the names of folders.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mnist => "mnist",
            Self::Qmnist => "qmnist",
            Self::Digits => "digits",
            Self::Cifar10 => "cifar10",
            Self::Idx => "idx",
            Self::Folder => "folder",
            Self::Own => "own",
        }
    }

    /// True for data that a user brings, whose classes are not known beforehand.
    pub fn is_own(self) -> bool {
        matches!(self, Self::Idx | Self::Folder | Self::Own)
    }
}

/// Its name as people write it.
impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Mnist => "MNIST",
            Self::Qmnist => "MNIST with QMNIST's further test digits",
            Self::Digits => "the embedded 8x8 digits",
            Self::Cifar10 => "CIFAR-10",
            Self::Idx => "an IDX set",
            Self::Folder => "a folder of pictures",
            Self::Own => "a program's own images",
        })
    }
}

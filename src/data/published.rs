//! Addresses of published data sets, and the environment variable that names a user's copy of CIFAR-10.

/// Addresses of the four files of MNIST, byte for byte the same, in the order in which they are tried.
pub const MNIST_MIRRORS: [&str; 2] =
    ["https://ossci-datasets.s3.amazonaws.com/mnist/", "https://storage.googleapis.com/cvdf-datasets/mnist/"];

/// The folder on the web that has the files of QMNIST.
pub const QMNIST_FOLDER: &str = "https://github.com/facebookresearch/qmnist";

/// The address of CIFAR-10's archive.
pub const CIFAR10_ARCHIVE: &str = "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz";

/// The environment variable that names the folder of CIFAR-10's files.
pub const CIFAR10_VARIABLE: &str = "LENET5_CIFAR10";

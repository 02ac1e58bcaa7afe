package org.centerloss.data.known;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.centerloss.device.op.Augmentation;

/** The data sets that are known by name: their classes, augmentation, files and checksums. */
public enum KnownDataset {
    MNIST(
            "mnist",
            ClassNames.DIGITS,
            Usual.ROTATED,
            IdxFiles.likeMnist("MNIST/raw"),
            Checksums.MNIST),
    FASHION_MNIST(
            "fashion-mnist",
            ClassNames.CLOTHES,
            Usual.FLIPPED_AND_ROTATED,
            IdxFiles.likeMnist("FashionMNIST/raw"),
            Checksums.FASHION_MNIST),
    CIFAR_10(
            "cifar-10",
            ClassNames.CIFAR_10,
            Usual.FLIPPED_AND_SHIFTED,
            CifarFiles.TEN,
            Checksums.CIFAR_10),
    /** The subset of Fashion-MNIST that is part of the program. */
    FASHION_MINI(
            "fashion-mini",
            ClassNames.CLOTHES,
            Usual.FLIPPED_AND_ROTATED,
            IdxFiles.likeMnist(""),
            Checksums.FASHION_MINI),
    CIFAR_100(
            "cifar-100",
            ClassNames.CIFAR_100,
            Usual.FLIPPED_AND_SHIFTED,
            CifarFiles.HUNDRED,
            Checksums.CIFAR_100),
    /** The same images by the 20 groups of its classes. */
    CIFAR_100_COARSE(
            "cifar-100-coarse",
            ClassNames.CIFAR_100_COARSE,
            Usual.FLIPPED_AND_SHIFTED,
            CifarFiles.HUNDRED_COARSE,
            Checksums.CIFAR_100),
    SVHN("svhn", ClassNames.DIGITS, Usual.SHIFTED, new SvhnFiles(), Checksums.SVHN),
    KMNIST(
            "kmnist",
            ClassNames.HIRAGANA,
            Usual.ROTATED,
            IdxFiles.likeMnist("KMNIST/raw"),
            Checksums.KMNIST),
    EMNIST_BALANCED("balanced", ClassNames.MERGED_CHARACTERS, 0),
    EMNIST_BYCLASS("byclass", ClassNames.CHARACTERS, 0),
    EMNIST_BYMERGE("bymerge", ClassNames.MERGED_CHARACTERS, 0),
    EMNIST_DIGITS("digits", ClassNames.DIGITS, 0),
    EMNIST_LETTERS("letters", ClassNames.LETTERS, 1),
    EMNIST_MNIST("mnist", ClassNames.DIGITS, 0);

    /** What is done to training images by default; digits and letters are never mirrored. */
    private static final class Usual {
        static final Augmentation ROTATED = new Augmentation(false, 5, 0);
        static final Augmentation FLIPPED_AND_ROTATED = new Augmentation(true, 5, 0);
        static final Augmentation FLIPPED_AND_SHIFTED = new Augmentation(true, 0, 4);
        static final Augmentation SHIFTED = new Augmentation(false, 0, 4);
    }

    private final String label;
    private final String folder;
    private final List<String> classes;
    private final Augmentation augmentation;
    private final DatasetLayout files;
    private final Map<String, String> checksums;

    KnownDataset(
            String label,
            List<String> classes,
            Augmentation augmentation,
            DatasetLayout files,
            Map<String, String> checksums) {
        this(
                label,
                files instanceof CifarFiles cifar ? cifar.stem() : label,
                classes,
                augmentation,
                files,
                checksums);
    }

    /** A split of EMNIST; all lie in one archive. */
    KnownDataset(String split, List<String> classes, int firstLabel) {
        this(
                "emnist-" + split,
                "emnist",
                classes,
                Usual.ROTATED,
                IdxFiles.emnist(split, firstLabel),
                Checksums.EMNIST);
    }

    KnownDataset(
            String label,
            String folder,
            List<String> classes,
            Augmentation augmentation,
            DatasetLayout files,
            Map<String, String> checksums) {
        this.label = label;
        this.folder = folder;
        this.classes = classes;
        this.augmentation = augmentation;
        this.files = files;
        this.checksums = checksums;
    }

    /** The name as a user writes it: {@code fashion-mnist}. */
    public String label() {
        return label;
    }

    /** The name of its folder in the cache; data sets that share files share it. */
    public String folder() {
        return folder;
    }

    public List<String> classes() {
        return classes;
    }

    /** The changes that are made to its training images by default. */
    public Augmentation augmentation() {
        return augmentation;
    }

    public DatasetLayout files() {
        return files;
    }

    /** SHA-256 of a file, by its name as {@link Checksums} has it; null where none is published. */
    public String checksum(String file) {
        return checksums.get(file);
    }

    /** The names of the files that have one, sorted. */
    List<String> checksummedFiles() {
        return checksums.keySet().stream().sorted().toList();
    }

    /** Whether one of its files has this SHA-256. */
    boolean hasChecksum(String sha256) {
        return checksums.containsValue(sha256);
    }

    /** The data set of this name. */
    public static Optional<KnownDataset> of(String label) {
        return Arrays.stream(values()).filter(known -> known.label.equals(label)).findFirst();
    }
}

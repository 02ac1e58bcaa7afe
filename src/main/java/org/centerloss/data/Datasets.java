package org.centerloss.data;

import static org.centerloss.data.KnownDataset.Names.CIFAR_TEST;
import static org.centerloss.data.KnownDataset.Names.TEST_IMAGES;
import static org.centerloss.data.KnownDataset.Names.TEST_LABELS;
import static org.centerloss.data.KnownDataset.Names.TRAIN_IMAGES;
import static org.centerloss.data.KnownDataset.Names.TRAIN_LABELS;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.centerloss.InputException;
import org.centerloss.NearestName;

/** Loads data sets: the known ones by name, the user's own images by folder. */
public final class Datasets {
    private static final String FOLDER_PREFIX = "images:";
    private static final List<String> IDX_FILES =
            List.of(TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS);

    private Datasets() {}

    /** The names of the known data sets. */
    public static List<String> names() {
        return Arrays.stream(KnownDataset.values()).map(KnownDataset::label).toList();
    }

    /**
     * Loads a data set into memory.
     *
     * @param name a known name; or a folder of images (see {@link ImageFolder}): a path with a
     *     slash, the name of a folder that exists and is no known name, or any path after {@code
     *     images:}
     * @throws InputException where it is not found, or damaged, or not what it should be
     */
    public static Dataset load(String name, DatasetOptions options) {
        Optional<KnownDataset> known = KnownDataset.of(name);
        if (known.isEmpty()) {
            return ImageFolder.read(toFolder(name), options);
        }
        List<Path> places = SearchPlaces.of(name, options.dataDir(), System.getenv());
        return load(known.get(), options, places);
    }

    /** Whether two names mean one data set: the same known one, or the same folder. */
    public static boolean isSame(String one, String other) {
        if (KnownDataset.of(one).isPresent() || KnownDataset.of(other).isPresent()) {
            return KnownDataset.of(one).equals(KnownDataset.of(other));
        }
        Path a = toFolder(one);
        Path b = other.startsWith(FOLDER_PREFIX) ? toFolder(other) : Path.of(other);
        try {
            return Files.isSameFile(a, b);
        } catch (IOException e) {
            return a.toAbsolutePath().normalize().equals(b.toAbsolutePath().normalize());
        }
    }

    private static Path toFolder(String name) {
        try {
            if (name.startsWith(FOLDER_PREFIX)) {
                return Path.of(name.substring(FOLDER_PREFIX.length()));
            }
            Path path = Path.of(name);
            if (!name.isEmpty() && (name.contains("/") || Files.isDirectory(path))) {
                return path;
            }
        } catch (InvalidPathException e) {
            throw new InputException("data set " + name + ": not a path: " + e.getReason(), e);
        }
        throw new InputException(
                "unknown data set %s%s: expected one of %s, or a folder of images as %sPATH"
                        .formatted(
                                name.isEmpty() ? "''" : name,
                                NearestName.hint(name, names()),
                                String.join(", ", names()),
                                FOLDER_PREFIX));
    }

    /** Loads a known data set from the first of the places that has it. */
    static Dataset load(KnownDataset known, DatasetOptions options, List<Path> places) {
        ImageOptions images = options.images();
        if (images.resizes() || images.channels() != 0) {
            throw new InputException(
                    "--image-size and --channels are for folders of images; %s is taken as it is"
                            .formatted(known.label()));
        }
        Dataset dataset =
                switch (known) {
                    case FASHION_MINI -> loadEmbedded(known, options);
                    case CIFAR_10 ->
                            Cifar10.read(
                                    find(known, places),
                                    (file, in) -> check(known, file, in, options));
                    case MNIST, FASHION_MNIST -> loadIdx(known, options, places);
                };
        return dataset.withValidation(images.validationFraction(), images.seed());
    }

    private static Dataset loadIdx(KnownDataset known, DatasetOptions options, List<Path> places) {
        Path folder = find(known, places);
        return readIdx(
                known,
                options,
                folder.toString(),
                file -> ContentReader.open(withOrWithoutGz(folder, file).orElseThrow()));
    }

    private static Dataset loadEmbedded(KnownDataset known, DatasetOptions options) {
        return readIdx(
                known,
                options,
                "embedded",
                file -> {
                    String path = "/datasets/" + known.label() + "/" + file + ".gz";
                    InputStream stream = Datasets.class.getResourceAsStream(path);
                    if (stream == null) {
                        throw new InputException(path + ": missing from the program's jar");
                    }
                    return ContentReader.unpacked(path, stream, -1);
                });
    }

    private static Dataset readIdx(
            KnownDataset known,
            DatasetOptions options,
            String source,
            Function<String, ContentReader> open) {
        ImageSet train = readIdx(known, options, TRAIN_IMAGES, TRAIN_LABELS, open);
        ImageSet test = readIdx(known, options, TEST_IMAGES, TEST_LABELS, open);
        return new Dataset(
                known.label(), source, known.classes(), known.augmentation(), train, test);
    }

    private static ImageSet readIdx(
            KnownDataset known,
            DatasetOptions options,
            String imagesFile,
            String labelsFile,
            Function<String, ContentReader> open) {
        try (ContentReader images = open.apply(imagesFile);
                ContentReader labels = open.apply(labelsFile)) {
            ImageSet set = Idx.read(images, labels, known.classes().size());
            check(known, imagesFile, images, options);
            check(known, labelsFile, labels, options);
            return set;
        }
    }

    /** Compares a file that was read to its end with the published one. */
    private static void check(
            KnownDataset known, String file, ContentReader in, DatasetOptions options) {
        if (!options.checksum()) {
            return;
        }
        String expected = known.checksum(file);
        String found = in.sha256();
        if (found.equals(expected)) {
            return;
        }
        if (file.equals(CIFAR_TEST)) {
            // Copies with re-encoded test images are about; training does not depend on them.
            options.notices()
                    .accept(
                            "%s: not the published test images: SHA-256: expected %s, found %s"
                                    .formatted(in.name(), expected, found));
            return;
        }
        String owner =
                Arrays.stream(KnownDataset.values())
                        .filter(other -> other.hasChecksum(found))
                        .map(other -> " (this is a file of " + other.label() + ")")
                        .findFirst()
                        .orElse("");
        throw new InputException(
                "%s: not the published file of %s: SHA-256 of its decompressed content: expected %s, found %s%s; remove it and get it anew (centerloss fetch %s), or give --no-checksum to use it as it is"
                        .formatted(
                                in.name(), known.label(), expected, found, owner, known.label()));
    }

    /**
     * Whether a data set is where {@link #load} looks for it, or needs no looking for.
     *
     * @param dataDir the folder to look in first, null for none
     */
    public static boolean isThere(KnownDataset known, Path dataDir) {
        return known == KnownDataset.FASHION_MINI
                || locate(known, SearchPlaces.of(known.label(), dataDir, System.getenv()))
                        .isPresent();
    }

    private static Optional<Path> locate(KnownDataset known, List<Path> places) {
        return places.stream()
                .flatMap(
                        place ->
                                (known == KnownDataset.CIFAR_10
                                                ? findCifar(place)
                                                : Optional.of(place).filter(Datasets::hasIdxFiles))
                                        .stream())
                .findFirst();
    }

    private static Path find(KnownDataset known, List<Path> places) {
        return locate(known, places)
                .orElseThrow(
                        () ->
                                new InputException(
                                        "data set %s not found: looked for %s in %s; %s"
                                                .formatted(
                                                        known.label(),
                                                        wanted(known),
                                                        places.stream()
                                                                .map(Datasets::describe)
                                                                .collect(Collectors.joining(", ")),
                                                        remedy(known))));
    }

    private static String wanted(KnownDataset known) {
        return known == KnownDataset.CIFAR_10
                ? "cifar-10-batches-bin or " + Cifar10.ARCHIVE
                : String.join(", ", IDX_FILES) + " (or .gz)";
    }

    private static String remedy(KnownDataset known) {
        String remedies =
                "get it with: centerloss fetch %s (or --download), or give the folder that has it with --data-dir"
                        .formatted(known.label());
        return known == KnownDataset.FASHION_MNIST
                ? remedies + ", or apt-get install dataset-fashion-mnist"
                : remedies;
    }

    /** The place, with what is missing there where only some of the files are. */
    private static String describe(Path place) {
        List<String> missing =
                IDX_FILES.stream().filter(file -> withOrWithoutGz(place, file).isEmpty()).toList();
        return missing.isEmpty() || missing.size() == IDX_FILES.size()
                ? place.toString()
                : place + " (without " + String.join(", ", missing) + ")";
    }

    private static boolean hasIdxFiles(Path place) {
        return IDX_FILES.stream().allMatch(file -> withOrWithoutGz(place, file).isPresent());
    }

    /** A folder's file of this name, or packed. */
    static Optional<Path> withOrWithoutGz(Path folder, String file) {
        return List.of(folder.resolve(file), folder.resolve(file + ".gz")).stream()
                .filter(Files::isRegularFile)
                .findFirst();
    }

    /** What a place has of CIFAR-10: its folder or its archive. */
    static Optional<Path> findCifar(Path place) {
        Path inside = place.resolve("cifar-10-batches-bin");
        for (Path folder : List.of(inside, place)) {
            if (Files.isRegularFile(folder.resolve("data_batch_1.bin"))) {
                return Optional.of(folder);
            }
        }
        return Optional.of(place.resolve(Cifar10.ARCHIVE)).filter(Files::isRegularFile);
    }
}

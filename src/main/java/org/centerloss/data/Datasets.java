package org.centerloss.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.centerloss.base.InputException;
import org.centerloss.base.NearestName;
import org.centerloss.data.folder.FolderListing;
import org.centerloss.data.folder.ImageFolder;
import org.centerloss.data.image.ContentReader;
import org.centerloss.data.image.ImageOptions;
import org.centerloss.data.known.IdxFiles;
import org.centerloss.data.known.KnownDataset;
import org.centerloss.data.known.PublishedFiles;
import org.centerloss.data.known.SearchPlaces;

/** Loads data sets: the known ones by name, the user's own images by folder. */
public final class Datasets {
    private static final String FOLDER_PREFIX = "images:";

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
        List<Path> places =
                SearchPlaces.of(known.get().folder(), options.dataDir(), System.getenv());
        return load(known.get(), options, places);
    }

    /**
     * Whether the seed decides which images are for training: where some of them are kept back, for
     * validation or, of a folder without parts of its own, for the test.
     */
    public static boolean choosesBySeed(String name, ImageOptions images) {
        return images.validationFraction() > 0
                || KnownDataset.of(name).isEmpty() && !FolderListing.hasParts(toFolder(name));
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
    public static Dataset load(KnownDataset known, DatasetOptions options, List<Path> places) {
        ImageOptions images = options.images();
        if (images.resizes() || images.channels() != 0) {
            throw new InputException(
                    "--image-size and --channels are for folders of images; %s is taken as it is"
                            .formatted(known.label()));
        }
        PublishedFiles published = new PublishedFiles(known, options.checksum(), options.notices());
        Dataset dataset =
                known == KnownDataset.FASHION_MINI
                        ? loadEmbedded(known, published)
                        : known.files().read(known, find(known, places), published);
        return dataset.withValidation(images.validationFraction(), images.seed());
    }

    private static Dataset loadEmbedded(KnownDataset known, PublishedFiles published) {
        return ((IdxFiles) known.files())
                .readEmbedded(
                        known,
                        file -> {
                            String path = "/datasets/" + known.label() + "/" + file + ".gz";
                            InputStream stream = Datasets.class.getResourceAsStream(path);
                            if (stream == null) {
                                throw new InputException(path + ": missing from the program's jar");
                            }
                            return ContentReader.unpacked(path, stream, -1);
                        },
                        published);
    }

    /**
     * Whether a data set is where {@link #load} looks for it, or needs no looking for.
     *
     * @param dataDir the folder to look in first, null for none
     */
    public static boolean isThere(KnownDataset known, Path dataDir) {
        return known == KnownDataset.FASHION_MINI
                || locate(known, SearchPlaces.of(known.folder(), dataDir, System.getenv()))
                        .isPresent();
    }

    private static Optional<Path> locate(KnownDataset known, List<Path> places) {
        return places.stream().flatMap(place -> known.files().find(place).stream()).findFirst();
    }

    private static Path find(KnownDataset known, List<Path> places) {
        return locate(known, places)
                .orElseThrow(
                        () ->
                                new InputException(
                                        "data set %s not found: looked for %s in %s; %s"
                                                .formatted(
                                                        known.label(),
                                                        known.files().wanted(),
                                                        places.stream()
                                                                .map(p -> describe(known, p))
                                                                .collect(Collectors.joining(", ")),
                                                        remedy(known))));
    }

    private static String remedy(KnownDataset known) {
        String remedies =
                "get it with: centerloss fetch %s (or --download), or give the folder that has it with --data-dir"
                        .formatted(known.label());
        return known == KnownDataset.FASHION_MNIST
                ? remedies + ", or apt-get install dataset-fashion-mnist"
                : remedies;
    }

    /** The place, with what it has of the data set where that is not all. */
    private static String describe(KnownDataset known, Path place) {
        String remark = known.files().remark(place);
        return remark.isEmpty() ? place.toString() : "%s (%s)".formatted(place, remark);
    }
}

package org.centerloss.data.known;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.centerloss.base.InputException;
import org.centerloss.data.Dataset;
import org.centerloss.data.ImageSet;
import org.centerloss.data.image.ContentReader;

/**
 * MNIST and its relatives: four IDX files, each with or without {@code .gz}, also where the last
 * dash is a dot; or a zip archive that has them.
 *
 * @param train what the names of the training files begin with
 * @param test what the names of the test files begin with
 * @param folders where in a place they may lie too, as other programs put them
 * @param archive the zip archive's name; null where there is none
 * @param firstLabel the label of the first class
 * @param transposed whether columns go before rows
 */
public record IdxFiles(
        String train,
        String test,
        List<String> folders,
        String archive,
        int firstLabel,
        boolean transposed)
        implements DatasetLayout {
    /** EMNIST's archive as it is published. */
    public static final String EMNIST_ARCHIVE = "gzip.zip";

    private static final String IMAGES = "-images-idx3-ubyte";
    private static final String LABELS = "-labels-idx1-ubyte";

    /**
     * The four files of MNIST, under its names.
     *
     * @param folder where torchvision puts them
     */
    public static IdxFiles likeMnist(String folder) {
        return new IdxFiles("train", "t10k", List.of(folder), null, 0, false);
    }

    /** A split of EMNIST, whose images lie on their side. */
    static IdxFiles emnist(String split, int firstLabel) {
        String stem = "emnist-" + split;
        return new IdxFiles(
                stem + "-train",
                stem + "-test",
                List.of("gzip", "EMNIST/raw"),
                EMNIST_ARCHIVE,
                firstLabel,
                true);
    }

    /** The names of the files, without {@code .gz}. */
    public List<String> names() {
        return List.of(train + IMAGES, train + LABELS, test + IMAGES, test + LABELS);
    }

    @Override
    public String wanted() {
        return String.join(", ", names()) + " (or .gz)" + (archive == null ? "" : ", " + archive);
    }

    @Override
    public Optional<Path> find(Path place) {
        return Stream.concat(
                        folders(place).filter(f -> names().stream().allMatch(n -> has(f, n))),
                        Stream.ofNullable(archive).map(place::resolve).filter(Files::isRegularFile))
                .findFirst();
    }

    private Stream<Path> folders(Path place) {
        return Stream.concat(Stream.of(place), folders.stream().map(place::resolve));
    }

    @Override
    public String remark(Path place) {
        return folders(place)
                .map(folder -> names().stream().filter(name -> !has(folder, name)).toList())
                .filter(missing -> missing.size() < names().size())
                .map(missing -> "without " + String.join(", ", missing))
                .findFirst()
                .orElse("");
    }

    private static boolean has(Path folder, String name) {
        return file(folder, name).isPresent();
    }

    /** A folder's file of this name, packed or not, in any spelling. */
    public static Optional<Path> file(Path folder, String name) {
        String dotted = name.replace("-idx", ".idx");
        return Stream.of(name, name + ".gz", dotted, dotted + ".gz")
                .map(folder::resolve)
                .filter(Files::isRegularFile)
                .findFirst();
    }

    @Override
    public Dataset read(KnownDataset known, Path found, PublishedFiles published) {
        if (Files.isDirectory(found)) {
            return read(
                    known,
                    found.toString(),
                    name -> ContentReader.open(file(found, name).orElseThrow()),
                    (name, in) ->
                            check(known, name, file(found, name).orElseThrow(), in, published));
        }
        published.requirePacked(archive, found);
        try (ZipFile zip = new ZipFile(found.toFile())) {
            return read(known, found.toString(), name -> open(zip, name), (name, in) -> {});
        } catch (IOException e) {
            throw new InputException(
                    "%s: damaged or cut off, or not a zip archive: %s"
                            .formatted(found, InputException.reason(e)),
                    e);
        }
    }

    private static void check(
            KnownDataset known,
            String name,
            Path file,
            ContentReader in,
            PublishedFiles published) {
        String packed = name + ".gz";
        if (known.checksum(packed) != null && file.toString().endsWith(".gz")) {
            published.requirePacked(packed, file);
        } else {
            published.requireContent(name, in);
        }
    }

    private static ContentReader open(ZipFile zip, String name) {
        ZipEntry entry =
                zip.stream()
                        .filter(e -> e.getName().equals("gzip/" + name + ".gz"))
                        .findFirst()
                        .orElseThrow(
                                () ->
                                        new InputException(
                                                "%s: gzip/%s.gz is missing"
                                                        .formatted(zip.getName(), name)));
        String source = zip.getName() + ": " + name;
        try {
            return ContentReader.unpacked(source, zip.getInputStream(entry), -1);
        } catch (IOException e) {
            throw new InputException(source + ": cannot be read: " + InputException.reason(e), e);
        }
    }

    /** What is done with a file once it is read to its end. */
    private interface Check {
        void accept(String name, ContentReader in);
    }

    /**
     * Reads the files.
     *
     * @param source where they come from, for messages
     * @param open opens the file of a name
     */
    private Dataset read(
            KnownDataset known, String source, Function<String, ContentReader> open, Check check) {
        ImageSet training = readPart(known, train, open, check);
        ImageSet testing = readPart(known, test, open, check);
        return new Dataset(
                known.label(), source, known.classes(), known.augmentation(), training, testing);
    }

    /** Reads the data set from files that are part of the program. */
    public Dataset readEmbedded(
            KnownDataset known, Function<String, ContentReader> open, PublishedFiles published) {
        return read(known, "embedded", open, published::requireContent);
    }

    private ImageSet readPart(
            KnownDataset known, String stem, Function<String, ContentReader> open, Check check) {
        try (ContentReader images = open.apply(stem + IMAGES);
                ContentReader labels = open.apply(stem + LABELS)) {
            ImageSet set = Idx.read(images, labels, firstLabel, known.classes().size());
            check.accept(stem + IMAGES, images);
            check.accept(stem + LABELS, labels);
            return transposed ? set.transposed() : set;
        }
    }
}

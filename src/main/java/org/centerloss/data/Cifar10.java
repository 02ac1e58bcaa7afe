package org.centerloss.data;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.centerloss.InputException;

/**
 * CIFAR-10's binary version: five files of training images, one of test images, one of class names;
 * in a folder, or in the archive as it is published (.tar.gz or .tar). An image is its label, one
 * byte, then 3 × 32 × 32 bytes, channel by channel. Source: A. Krizhevsky, the CIFAR-10 data set.
 *
 * <p>The files of an archive are read in memory and known by the last part of their path: nothing
 * is written, and neither paths nor links lead anywhere.
 */
final class Cifar10 {
    /** The archive's name as it is published. */
    static final String ARCHIVE = "cifar-10-binary.tar.gz";

    /** More than the archive has, packed (170 MB) or unpacked (184 MB). */
    static final long MAX_ARCHIVE_BYTES = 200_000_000;

    private static final KnownDataset KNOWN = KnownDataset.CIFAR_10;
    private static final List<String> CLASSES = KNOWN.classes();
    private static final String TEST_FILE = KnownDataset.Names.CIFAR_TEST;
    private static final String CLASSES_FILE = "batches.meta.txt";
    private static final int TRAIN_FILES = 5;
    private static final int MAX_IMAGES = 10_000;
    private static final int SIDE = 32;
    private static final int IMAGE_BYTES = 3 * SIDE * SIDE;
    private static final int RECORD_BYTES = 1 + IMAGE_BYTES;

    private final String source;
    private final BiConsumer<String, ContentReader> checksums;
    private final Set<String> seen = new HashSet<>();
    private List<String> classes = CLASSES;
    private Images train;
    private Images test;

    private Cifar10(String source, BiConsumer<String, ContentReader> checksums) {
        this.source = source;
        this.checksums = checksums;
    }

    /** Images while they arrive, file by file. */
    private record Images(int perFile, byte[] pixels, int[] labels) {
        static Images of(int files, int perFile) {
            return new Images(
                    perFile, new byte[files * perFile * IMAGE_BYTES], new int[files * perFile]);
        }

        ImageSet toSet() {
            return new ImageSet(3, SIDE, SIDE, pixels, labels);
        }
    }

    /** The name of a training file, 1 to 5. */
    private static String trainFile(int number) {
        return "data_batch_" + number + ".bin";
    }

    /**
     * Reads the data set.
     *
     * @param place the folder with the files, or the archive
     * @param checksums given every file of images, with its name, once it is read to its end
     * @throws InputException where a file is missing, twice there, cut off or not of this format
     */
    static Dataset read(Path place, BiConsumer<String, ContentReader> checksums) {
        Cifar10 reader = new Cifar10(place.toString(), checksums);
        if (Files.isDirectory(place)) {
            reader.readFolder(place);
        } else {
            reader.readArchive(place);
        }
        return reader.result();
    }

    private void readFolder(Path folder) {
        if (Files.exists(folder.resolve(CLASSES_FILE))) {
            readFile(folder, CLASSES_FILE);
        }
        for (int number = 1; number <= TRAIN_FILES; number++) {
            readFile(folder, trainFile(number));
        }
        readFile(folder, TEST_FILE);
    }

    private void readFile(Path folder, String file) {
        try (ContentReader in = ContentReader.open(folder.resolve(file))) {
            accept(file, in);
        }
    }

    private void readArchive(Path archive) {
        try (ContentReader content = ContentReader.open(archive, MAX_ARCHIVE_BYTES);
                TarArchiveInputStream tar = new TarArchiveInputStream(content.stream())) {
            for (TarArchiveEntry entry; (entry = tar.getNextEntry()) != null; ) {
                String path = entry.getName();
                String file = path.substring(path.lastIndexOf('/') + 1);
                if (!isWanted(file)) {
                    continue;
                }
                if (!entry.isFile() || entry.isLink() || entry.isSymbolicLink()) {
                    throw new InputException(
                            "%s: %s: expected a file, found a link or folder"
                                    .formatted(source, path));
                }
                accept(file, ContentReader.plain(source + ": " + file, tar, entry.getSize()));
            }
            // The compressed stream's own check stands at its very end.
            content.stream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException | IllegalArgumentException e) {
            throw new InputException(
                    "%s: damaged or cut off, or not a tar archive: %s"
                            .formatted(source, InputException.reason(e)),
                    e);
        }
    }

    private static boolean isWanted(String file) {
        return file.equals(CLASSES_FILE) || file.equals(TEST_FILE) || trainNumber(file) > 0;
    }

    private static int trainNumber(String file) {
        for (int number = 1; number <= TRAIN_FILES; number++) {
            if (file.equals(trainFile(number))) {
                return number;
            }
        }
        return 0;
    }

    private void accept(String file, ContentReader in) {
        if (!seen.add(file)) {
            throw new InputException(in.name() + ": found twice, expected once");
        }
        if (file.equals(CLASSES_FILE)) {
            classes = readClasses(in);
            return;
        }
        int images = countImages(in);
        int number = trainNumber(file);
        if (number == 0) {
            test = Images.of(1, images);
            readImages(in, test, 0);
        } else {
            if (train == null) {
                train = Images.of(TRAIN_FILES, images);
            } else if (train.perFile != images) {
                throw new InputException(
                        "%s: expected %d images like the other training files, found %d"
                                .formatted(in.name(), train.perFile, images));
            }
            readImages(in, train, (number - 1) * images);
        }
        checksums.accept(file, in);
    }

    private static int countImages(ContentReader in) {
        long length = in.length();
        if (length < 0) {
            throw new InputException(in.name() + ": expected the file as it is, found gzip data");
        }
        if (length == 0 || length % RECORD_BYTES != 0 || length / RECORD_BYTES > MAX_IMAGES) {
            throw new InputException(
                    "%s: expected 1 to %d images of %d bytes (%d bytes as published), found %d bytes"
                            .formatted(
                                    in.name(),
                                    MAX_IMAGES,
                                    RECORD_BYTES,
                                    (long) MAX_IMAGES * RECORD_BYTES,
                                    length));
        }
        return (int) (length / RECORD_BYTES);
    }

    private static void readImages(ContentReader in, Images images, int first) {
        byte[] label = new byte[1];
        for (int i = first; i < first + images.perFile; i++) {
            String what = "image " + (i - first);
            in.readFully(label, 0, 1, what);
            images.labels[i] = label[0] & 0xff;
            if (images.labels[i] >= CLASSES.size()) {
                throw new InputException(
                        "%s: label of %s at byte %d: expected 0 to %d, found %d"
                                .formatted(
                                        in.name(),
                                        what,
                                        in.offset() - 1,
                                        CLASSES.size() - 1,
                                        images.labels[i]));
            }
            in.readFully(images.pixels, i * IMAGE_BYTES, IMAGE_BYTES, what);
        }
        in.expectEnd();
    }

    private static List<String> readClasses(ContentReader in) {
        if (in.length() < 0 || in.length() > 1 << 16) {
            throw new InputException(
                    "%s: expected %d class names, found %d bytes"
                            .formatted(in.name(), CLASSES.size(), in.length()));
        }
        String text =
                new String(in.readBytes((int) in.length(), "class names"), StandardCharsets.UTF_8);
        List<String> names = text.lines().map(String::strip).filter(s -> !s.isEmpty()).toList();
        if (names.size() != CLASSES.size()) {
            throw new InputException(
                    "%s: expected %d class names, one a line, found %d"
                            .formatted(in.name(), CLASSES.size(), names.size()));
        }
        return names;
    }

    private Dataset result() {
        for (int number = 1; number <= TRAIN_FILES; number++) {
            requireSeen(trainFile(number));
        }
        requireSeen(TEST_FILE);
        return new Dataset(
                KNOWN.label(), source, classes, KNOWN.augmentation(), train.toSet(), test.toSet());
    }

    private void requireSeen(String file) {
        if (!seen.contains(file)) {
            throw new InputException(source + ": " + file + " is missing");
        }
    }
}

package org.centerloss.data.known;

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
import org.centerloss.base.InputException;
import org.centerloss.data.Dataset;
import org.centerloss.data.ImageSet;
import org.centerloss.data.image.ContentReader;

/**
 * Reads the binary version of CIFAR-10 or CIFAR-100 (see {@link CifarFiles}). An image is its label
 * or labels, a byte each, then 3 × 32 × 32 bytes, channel by channel. Source: A. Krizhevsky, the
 * CIFAR-10 data set.
 *
 * <p>The files of an archive are read in memory and known by the last part of their path: nothing
 * is written, and neither paths nor links lead anywhere.
 */
public final class Cifar {
    static final String TEN_TEST_FILE = "test_batch.bin";

    /** More than either archive has, packed (170 MB) or unpacked (185 MB). */
    public static final long MAX_ARCHIVE_BYTES = 200_000_000;

    private static final int SIDE = 32;
    private static final int IMAGE_BYTES = 3 * SIDE * SIDE;

    private final KnownDataset known;
    private final CifarFiles files;
    private final String source;
    private final BiConsumer<String, ContentReader> checksums;
    private final Set<String> seen = new HashSet<>();
    private List<String> classes;

    /** A path of the version for Python or MATLAB; null where there is none. */
    private String otherVersion;

    private Images train;
    private Images test;

    private Cifar(
            KnownDataset known,
            CifarFiles files,
            String source,
            BiConsumer<String, ContentReader> checksums) {
        this.known = known;
        this.files = files;
        this.classes = known.classes();
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

    /**
     * Reads the data set.
     *
     * @param place the folder with the files, or the archive
     * @param checksums given every file of images, with its name, once it is read to its end
     * @throws InputException where a file is missing, twice there, cut off or not of this format
     */
    public static Dataset read(
            KnownDataset known,
            CifarFiles files,
            Path place,
            BiConsumer<String, ContentReader> checksums) {
        Cifar reader = new Cifar(known, files, place.toString(), checksums);
        if (Files.isDirectory(place)) {
            reader.readFolder(place);
        } else {
            reader.readArchive(place);
        }
        return reader.result();
    }

    private void readFolder(Path folder) {
        if (Files.exists(folder.resolve(files.classNames()))) {
            readFile(folder, files.classNames());
        }
        files.training().forEach(file -> readFile(folder, file));
        readFile(folder, files.test());
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
                    if (files.otherFolders().stream().anyMatch(path::startsWith)) {
                        otherVersion = path;
                    }
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

    private boolean isWanted(String file) {
        return file.equals(files.classNames())
                || file.equals(files.test())
                || files.training().contains(file);
    }

    private void accept(String file, ContentReader in) {
        if (!seen.add(file)) {
            throw new InputException(in.name() + ": found twice, expected once");
        }
        if (file.equals(files.classNames())) {
            classes = readClasses(in);
            return;
        }
        int images = countImages(in);
        int place = files.training().indexOf(file);
        if (place < 0) {
            test = Images.of(1, images);
            readImages(in, test, 0);
        } else {
            if (train == null) {
                train = Images.of(files.training().size(), images);
            } else if (train.perFile != images) {
                throw new InputException(
                        "%s: expected %d images like the other training files, found %d"
                                .formatted(in.name(), train.perFile, images));
            }
            readImages(in, train, place * images);
        }
        checksums.accept(file, in);
    }

    private int countImages(ContentReader in) {
        long length = in.length();
        if (length < 0) {
            throw new InputException(in.name() + ": expected the file as it is, found gzip data");
        }
        int recordBytes = files.labelBytes() + IMAGE_BYTES;
        if (length == 0 || length % recordBytes != 0 || length / recordBytes > files.maxImages()) {
            throw new InputException(
                    "%s: expected 1 to %d images of %d bytes (%d bytes at most), found %d bytes"
                            .formatted(
                                    in.name(),
                                    files.maxImages(),
                                    recordBytes,
                                    (long) files.maxImages() * recordBytes,
                                    length));
        }
        return (int) (length / recordBytes);
    }

    private void readImages(ContentReader in, Images images, int first) {
        byte[] labels = new byte[files.labelBytes()];
        for (int i = first; i < first + images.perFile; i++) {
            String what = "image " + (i - first);
            in.readFully(labels, 0, labels.length, what);
            images.labels[i] = labels[files.label()] & 0xff;
            if (images.labels[i] >= known.classes().size()) {
                throw new InputException(
                        "%s: label of %s at byte %d: expected 0 to %d, found %d"
                                .formatted(
                                        in.name(),
                                        what,
                                        in.offset() - labels.length + files.label(),
                                        known.classes().size() - 1,
                                        images.labels[i]));
            }
            in.readFully(images.pixels, i * IMAGE_BYTES, IMAGE_BYTES, what);
        }
        in.expectEnd();
    }

    private List<String> readClasses(ContentReader in) {
        if (in.length() < 0 || in.length() > 1 << 16) {
            throw new InputException(
                    "%s: expected %d class names, found %d bytes"
                            .formatted(in.name(), known.classes().size(), in.length()));
        }
        String text =
                new String(in.readBytes((int) in.length(), "class names"), StandardCharsets.UTF_8);
        List<String> names = text.lines().map(String::strip).filter(s -> !s.isEmpty()).toList();
        if (names.size() != known.classes().size()) {
            throw new InputException(
                    "%s: expected %d class names, one a line, found %d"
                            .formatted(in.name(), known.classes().size(), names.size()));
        }
        return names;
    }

    private Dataset result() {
        files.training().forEach(this::requireSeen);
        requireSeen(files.test());
        return new Dataset(
                known.label(), source, classes, known.augmentation(), train.toSet(), test.toSet());
    }

    private void requireSeen(String file) {
        if (!seen.contains(file)) {
            throw new InputException(
                    "%s: %s is missing%s"
                            .formatted(
                                    source,
                                    file,
                                    otherVersion == null
                                            ? ""
                                            : "; it has " + files.otherVersion(otherVersion)));
        }
    }
}

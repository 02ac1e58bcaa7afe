package org.centerloss.data.known;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import org.centerloss.base.InputException;
import org.centerloss.data.image.ContentReader;

/** Compares files with those that a known data set was published as, by their SHA-256. */
public final class PublishedFiles {
    private final KnownDataset known;
    private final boolean compared;
    private final Consumer<String> notices;
    private boolean toldUnverified;

    /**
     * @param compared whether there is to be a comparison at all
     */
    public PublishedFiles(KnownDataset known, boolean compared, Consumer<String> notices) {
        this.known = known;
        this.compared = compared;
        this.notices = notices;
    }

    /**
     * Compares the content of a file that was read to its end. Where only packed files have a
     * published checksum, a notice says so.
     *
     * @param file its published name, without {@code .gz}
     * @throws InputException where it is another content
     */
    void requireContent(String file, ContentReader in) {
        if (!compared) {
            return;
        }
        String expected = known.checksum(file);
        if (expected == null) {
            tellUnverified(in.name());
            return;
        }
        String found = in.sha256();
        if (file.equals(Cifar.TEN_TEST_FILE) && !found.equals(expected)) {
            // Copies with re-encoded test images are about; training does not depend on them.
            notices.accept(
                    "%s: not the published test images: SHA-256: expected %s, found %s"
                            .formatted(in.name(), expected, found));
            return;
        }
        require(in.name(), "SHA-256 of its decompressed content", expected, found);
    }

    /**
     * Compares a file as it is, without unpacking it.
     *
     * @param name its published name
     * @throws InputException where it is another file
     */
    public void requirePacked(String name, Path file) {
        if (compared) {
            require(file.toString(), "SHA-256", known.checksum(name), sha256(file));
        }
    }

    /** SHA-256 of a file as it is. */
    static String sha256(Path file) {
        try (ContentReader in = ContentReader.packed(file)) {
            in.readToEnd();
            return in.sha256();
        }
    }

    private void require(String name, String what, String expected, String found) {
        if (found.equals(expected)) {
            return;
        }
        String owner =
                Arrays.stream(KnownDataset.values())
                        .filter(other -> other.hasChecksum(found))
                        .map(other -> " (this is a file of " + other.label() + ")")
                        .findFirst()
                        .orElse("");
        throw new InputException(
                "%s: not the published file of %s: %s: expected %s, found %s%s; remove it and get it anew (centerloss fetch %s), or give --no-checksum to use it as it is"
                        .formatted(
                                name, known.label(), what, expected, found, owner, known.label()));
    }

    private void tellUnverified(String name) {
        if (!toldUnverified) {
            toldUnverified = true;
            notices.accept(
                    "%s: unverified, as unpacked files of %s have no published checksum, only %s"
                            .formatted(
                                    name,
                                    known.label(),
                                    String.join(", ", known.checksummedFiles())));
        }
    }
}

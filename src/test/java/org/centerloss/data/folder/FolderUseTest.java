package org.centerloss.data.folder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.centerloss.data.Dataset;
import org.centerloss.data.DatasetOptions;
import org.centerloss.data.ImageSet;
import org.centerloss.data.Part;
import org.centerloss.data.image.ContentReader;
import org.centerloss.data.image.ImageOptions;
import org.centerloss.data.image.Images;
import org.centerloss.data.known.Refusal;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder that changes after a run has begun with it, and other folders. */
class FolderUseTest {
    private static final ImageOptions IMAGES = ImageOptions.AS_THEY_ARE.withValidationFraction(0.2);

    @TempDir private Path root;
    @TempDir private Path other;
    private final List<String> notices = new ArrayList<>();
    private Dataset begun;

    @BeforeEach
    void begin() {
        for (int i = 0; i < 20; i++) {
            image(root, "ants/%02d.png".formatted(i), i);
            image(root, "bees/%02d.png".formatted(i), 100 + i);
        }
        begun = read(root, FolderUse.BEGIN);
    }

    private static void image(Path folder, String name, int value) {
        Images.gray(folder.resolve(name), 4, 3, value);
    }

    private Dataset read(Path folder, FolderUse use) {
        return read(folder, use, false);
    }

    private Dataset read(Path folder, FolderUse use, boolean skipBroken) {
        notices.clear();
        return ImageFolder.read(
                folder,
                new DatasetOptions(
                        null, true, IMAGES, skipBroken, use, notices::add, (done, total) -> {}));
    }

    private Dataset goOn() {
        return read(root, FolderUse.goOn(begun.files()));
    }

    private Dataset measure(Path folder, FolderUse.Purpose purpose, Part part) {
        return read(folder, new FolderUse(purpose, begun.files(), List.of(), part));
    }

    private Dataset measureOwn(Part part) {
        return measure(root, FolderUse.Purpose.MEASURE_OWN, part);
    }

    private static int[] values(ImageSet set) {
        int size = set.pixels().length / set.count();
        return IntStream.range(0, set.count()).map(i -> set.pixels()[i * size] & 0xff).toArray();
    }

    private static void assertSame(ImageSet expected, ImageSet found) {
        assertArrayEquals(expected.pixels(), found.pixels());
        assertArrayEquals(expected.labels(), found.labels());
    }

    /** The name of the first image of a part. */
    private String first(Part part) {
        return begun.files().stream()
                .filter(f -> f.part() == part)
                .findFirst()
                .orElseThrow()
                .name();
    }

    private String notice() {
        assertEquals(1, notices.size(), notices.toString());
        return notices.get(0);
    }

    @Test
    void everyFileIsListedWithItsPartSizeAndDigest() throws IOException {
        assertEquals(40, begun.files().size());
        for (Part part : Part.values()) {
            assertEquals(
                    begun.images(part).count(),
                    begun.files().stream().filter(f -> f.part() == part).count());
        }
        DataFile file = begun.files().get(0);
        assertEquals("ants/00.png", file.name());
        assertEquals("ants", file.category());
        assertEquals(Files.size(root.resolve("ants/00.png")), file.size());
        try (ContentReader content = ContentReader.open(root.resolve("ants/00.png"))) {
            content.readToEnd();
            assertEquals(content.sha256(), file.sha256());
        }
    }

    @Test
    void addedImagesAreLeftOutOfARunThatGoesOn() {
        image(root, "ants/aa.png", 50);
        image(root, "bees/aa.png", 60);
        image(root, "cats/aa.png", 70);
        Dataset again = goOn();
        for (Part part : Part.values()) {
            assertSame(begun.images(part), again.images(part));
        }
        assertEquals(begun.classes(), again.classes());
        assertEquals(begun.files(), again.files());
        assertEquals(
                root
                        + ": since the run began 3 added (ants/aa.png, bees/aa.png, cats/aa.png):"
                        + " left out",
                notice());
    }

    @Test
    void aRunDoesNotGoOnWithoutAnImageOrWithAnother() throws IOException {
        Files.delete(root.resolve(first(Part.TRAIN)));
        Refusal.of(
                this::goOn,
                root + ": expected the images that the run began with",
                "1 lost (" + first(Part.TRAIN) + ")");
        image(root, first(Part.TRAIN), 250);
        Refusal.of(this::goOn, "1 changed (" + first(Part.TRAIN) + ")");
        Files.write(root.resolve(first(Part.TEST)), new byte[7]);
        Refusal.of(this::goOn, "2 changed (");
    }

    @Test
    void aRunsOwnFolderKeepsItsPartsAndTellsWhatChanged() throws IOException {
        Files.delete(root.resolve(first(Part.TEST)));
        image(root, first(Part.VALIDATION), 250);
        for (int i = 0; i < 30; i++) {
            image(root, "ants/new%02d.png".formatted(i), 30 + i);
        }
        Dataset test = measureOwn(Part.TEST);
        assertNull(test.train());
        assertTrue(notice().startsWith(root + ": since the run began 30 added (ants/new00.png, "));
        assertTrue(notice().contains("), 1 lost (" + first(Part.TEST) + ")"), notice());
        int[] known = Arrays.copyOfRange(values(begun.test()), 1, begun.test().count());
        int[] found = values(test.test());
        assertArrayEquals(
                known, IntStream.of(found).filter(v -> v < 30 || v >= 100).sorted().toArray());
        assertTrue(found.length > known.length, "new images whose names fall to the test");
        Dataset train = measureOwn(Part.TRAIN);
        assertSame(begun.train(), train.train());
        Dataset validation = measureOwn(Part.VALIDATION);
        assertTrue(notice().contains("1 changed (" + first(Part.VALIDATION) + ")"), notice());
        assertEquals(250, values(validation.validation())[0]);
    }

    @Test
    void anImageThatWasTrainedOnIsNoTestImageUnderAnotherName() throws IOException {
        String trained = first(Part.TRAIN);
        for (int i = 0; i < 30; i++) {
            Files.copy(root.resolve(trained), root.resolve("ants/copy%02d.png".formatted(i)));
        }
        assertSame(begun.test(), measureOwn(Part.TEST).test());
        assertEquals(2, notices.size(), notices.toString());
        assertTrue(
                notices.get(1).contains("as the run has trained on them or chosen by them"),
                notices.toString());
        assertTrue(notices.get(1).contains("the same as " + trained), notices.toString());
    }

    @Test
    void copiesWithinAFolderAreInOnePartAlone() throws IOException {
        String trained = first(Part.TRAIN);
        for (int i = 0; i < 30; i++) {
            Files.copy(root.resolve(trained), root.resolve("ants/copy%02d.png".formatted(i)));
        }
        Dataset again = read(root, FolderUse.BEGIN);
        assertSame(begun.test(), again.test());
        assertSame(begun.validation(), again.validation());
        long copies = again.files().stream().filter(f -> f.part() == null).count();
        assertTrue(copies > 0);
        assertTrue(notice().startsWith(root + ": " + copies + " copies of images of another part"));
        assertEquals(
                70,
                again.train().count() + again.test().count() + again.validation().count() + copies);
    }

    @Test
    void anotherFolderIsTakenWholeButForWhatWasTrainedOn() throws IOException {
        for (int i = 0; i < 5; i++) {
            image(other, "bees/%d.png".formatted(i), 30 + i);
            image(other, "dogs/deep/%d.png".formatted(i), 40 + i);
        }
        Files.copy(root.resolve(first(Part.TRAIN)), other.resolve("bees/known.png"));
        Files.copy(root.resolve(first(Part.VALIDATION)), other.resolve("bees/chosen.png"));
        Dataset whole = measure(other, FolderUse.Purpose.MEASURE_OTHER, Part.TEST);
        assertArrayEquals(new int[] {30, 31, 32, 33, 34, 40, 41, 42, 43, 44}, values(whole.test()));
        assertEquals(List.of("bees", "dogs"), whole.classes());
        assertTrue(notice().startsWith(other + ": 2 images are left out"), notice());
    }

    @Test
    void anotherFoldersPartsAreChosenByWhatIsWanted() {
        image(other, "test/bees/a.png", 51);
        Dataset test = measure(other, FolderUse.Purpose.MEASURE_OTHER, Part.TEST);
        assertArrayEquals(new int[] {51}, values(test.test()));
        image(other, "only/val/bees/a.png", 54);
        Dataset only =
                measure(other.resolve("only"), FolderUse.Purpose.MEASURE_OTHER, Part.VALIDATION);
        assertArrayEquals(new int[] {54}, values(only.validation()));
        assertEquals(List.of("bees"), only.classes());
        image(other, "train/ants/a.png", 52);
        image(other, "val/ants/a.png", 53);
        for (Part part : Part.values()) {
            Dataset one = measure(other, FolderUse.Purpose.MEASURE_OTHER, part);
            assertEquals(1, one.images(part).count());
        }
        Refusal.of(
                () -> {
                    Path none = Files.createDirectories(root.resolve("none/train/ants"));
                    image(none, "a.png", 1);
                    measure(root.resolve("none"), FolderUse.Purpose.MEASURE_OTHER, Part.TEST);
                },
                "expected test images, found none");
    }

    @Test
    void brokenImagesAreNamedAtOnceTheFirstTwentyAndACount() throws IOException {
        for (int i = 0; i < 25; i++) {
            Files.write(root.resolve("bees/x%02d.png".formatted(i)), new byte[i]);
        }
        Refusal.of(
                () -> read(root, FolderUse.BEGIN),
                root + ": 25 of 65 images cannot be read",
                "the first: " + root.resolve("bees/x00.png") + ": empty file",
                "--skip-broken");
        assertEquals(20, notices.size());
        assertTrue(notices.get(19).startsWith(root.resolve("bees/x19.png") + ": not an image"));
    }

    @Test
    void brokenImagesAreLeftOutWhereToldAndStayOut() throws IOException {
        Files.write(root.resolve("ants/00a.png"), new byte[0]);
        Files.createSymbolicLink(root.resolve("bees/zz.png"), root.resolve("nothing"));
        Dataset skipped = read(root, FolderUse.BEGIN, true);
        for (Part part : Part.values()) {
            assertSame(begun.images(part), skipped.images(part));
        }
        assertEquals(3, notices.size(), notices.toString());
        assertEquals(root + ": 2 of 42 images cannot be read and are left out", notices.get(2));
        DataFile broken = skipped.files().get(1);
        assertEquals(new DataFile(null, "ants", "ants/00a.png", 0, ""), broken);
        image(root, "ants/00a.png", 77);
        begun = skipped;
        Dataset again = goOn();
        assertSame(skipped.train(), again.train());
        assertEquals(List.of(), notices);
    }

    @Test
    void aClassOfWhichTooFewCanBeReadIsNamed() throws IOException {
        for (int i = 0; i < 3; i++) {
            image(root, "cats/%d.png".formatted(i), 70 + i);
        }
        Files.write(root.resolve("cats/0.png"), new byte[5]);
        assertEquals(42, sizes(read(root, FolderUse.BEGIN, true)));
        Files.write(root.resolve("cats/1.png"), new byte[5]);
        Refusal.of(() -> read(root, FolderUse.BEGIN, true), "class cats: expected at least 2");
        Files.write(root.resolve("cats/2.png"), new byte[5]);
        Refusal.of(() -> read(root, FolderUse.BEGIN, true), "training images of class cats");
    }

    private static int sizes(Dataset dataset) {
        return dataset.train().count() + dataset.validation().count() + dataset.test().count();
    }
}

package org.centerloss.data.folder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.centerloss.data.Dataset;
import org.centerloss.data.ImageSet;
import org.centerloss.data.Part;
import org.centerloss.data.image.ImageOptions;
import org.centerloss.data.image.Images;
import org.centerloss.data.known.Bytes;
import org.centerloss.data.known.Refusal;
import org.centerloss.device.op.Augmentation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFolderTest extends FolderOfImages {

    @Test
    void trainAndTestFoldersAreReadInOrderOfNames() {
        grays("train/bees", 2, 100);
        grays("train/ants", 3, 10);
        grays("test/ants", 1, 50);
        grays("test/bees", 2, 60);
        Dataset data = read(AS_THEY_ARE);
        assertEquals(List.of("ants", "bees"), data.classes());
        assertEquals("1 × 4 × 3", data.train().imageShape());
        assertArrayEquals(new int[] {10, 11, 12, 100, 101}, values(data.train()));
        assertArrayEquals(new int[] {0, 0, 0, 1, 1}, data.train().labels());
        assertArrayEquals(new int[] {50, 60, 61}, values(data.test()));
        assertArrayEquals(new int[] {0, 1, 1}, data.test().labels());
        assertEquals(Augmentation.NONE, data.augmentation());
        assertEquals(root.getFileName().toString(), data.name());
        assertEquals(List.of(), notices);
    }

    @Test
    void progressCountsEveryImageOnce() {
        grays("ants", 9, 0);
        read(AS_THEY_ARE);
        assertEquals(List.of(1, 2, 3, 4, 5, 6, 7, 8, 9), progress);
    }

    @Test
    void everyImageIsInOnePartWithTheLabelOfItsClass() {
        grays("ants", 20, 0);
        grays("bees", 10, 100);
        Dataset data = read(AS_THEY_ARE.withValidationFraction(0.3));
        List<Integer> all = new ArrayList<>();
        for (ImageSet set : List.of(data.train(), data.validation(), data.test())) {
            int[] values = values(set);
            for (int i = 0; i < values.length; i++) {
                assertEquals(values[i] >= 100 ? 1 : 0, set.labels()[i]);
                all.add(values[i]);
            }
        }
        assertEquals(30, all.size());
        assertEquals(30, all.stream().distinct().count());
        assertArrayEquals(values(data.test()), values(read(AS_THEY_ARE).test()));
        assertFalse(
                Arrays.equals(values(data.test()), values(read(AS_THEY_ARE.withSeed(1)).test())));
    }

    @Test
    void addedImagesChangeThePartOfNoOther() {
        grays("ants", 20, 0);
        grays("bees", 20, 100);
        ImageOptions options = AS_THEY_ARE.withValidationFraction(0.25);
        Dataset before = read(options);
        for (int i = 0; i < 20; i++) {
            Images.gray(root.resolve("ants/" + i + ".png"), 4, 3, 200);
            Images.gray(root.resolve("aardvarks/" + i + ".png"), 4, 3, 200);
        }
        Dataset after = read(options);
        for (Part part : Part.values()) {
            assertArrayEquals(
                    values(before.images(part)),
                    IntStream.of(values(after.images(part))).filter(v -> v != 200).toArray());
        }
    }

    @Test
    void runsOfOlderVersionsKeepTheirSplitByPosition() {
        grays("ants", 10, 0);
        grays("bees", 10, 100);
        ImageOptions old = new ImageOptions(0, 0, 0, null, null, 0.2, null, 0, null);
        assertArrayEquals(new int[] {6, 8, 102, 106}, values(read(old).test()));
    }

    @Test
    void validationImagesHaveAFolderOfTheirOwnWhereThereIsOne() {
        grays("train/ants", 3, 0);
        grays("train/bees", 3, 100);
        grays("val/ants", 2, 50);
        grays("test/ants", 1, 60);
        grays("test/bees", 1, 160);
        Dataset data = read(AS_THEY_ARE);
        assertArrayEquals(new int[] {0, 1, 2, 100, 101, 102}, values(data.train()));
        assertArrayEquals(new int[] {50, 51}, values(data.validation()));
        assertArrayEquals(new int[] {60, 160}, values(data.test()));
        assertEquals(List.of(), notices);
        Refusal.of(
                () -> read(AS_THEY_ARE.withValidationFraction(0.5)),
                "--validation-fraction",
                "without validation images",
                root.resolve("val").toString());
        grays("validation/ants", 2, 50);
        Refusal.of(() -> read(AS_THEY_ARE), "one folder of validation images", "val/ and valid");
    }

    @Test
    void validationImagesAreTakenFromTheTrainFolderWhereAskedFor() {
        grays("train/ants", 20, 0);
        grays("test/ants", 3, 60);
        assertEquals(null, read(AS_THEY_ARE).validation());
        Dataset data = read(AS_THEY_ARE.withValidationFraction(0.25));
        assertEquals(20, data.train().count() + data.validation().count());
        assertTrue(data.validation().count() >= 1 && data.validation().count() < 15);
        assertArrayEquals(new int[] {60, 61, 62}, values(data.test()));
    }

    @Test
    void classesNamedTrainOrTestWithImagesAreClasses() {
        grays("train", 2, 0);
        grays("car", 2, 100);
        assertEquals(List.of("car", "train"), read(AS_THEY_ARE).classes());
        grays("val/deep", 2, 50);
        assertEquals(List.of("car", "train", "val"), read(AS_THEY_ARE).classes());
    }

    @Test
    void imagesAreResizedAndConvertedAsTold() {
        Images.rgb(root.resolve("ants/a.png"), 9, 20, 255, 0, 0);
        Images.gray(root.resolve("ants/b.bmp"), 3, 5, 76);
        ImageSet gray = read(AS_THEY_ARE.withSize("6x8").withChannels(1)).train();
        assertEquals("1 × 6 × 8", gray.imageShape());
        assertArrayEquals(new int[] {76}, values(gray));
        ImageSet rgb = read(AS_THEY_ARE.withSize("6x8").withChannels(3)).train();
        assertEquals("3 × 6 × 8", rgb.imageShape());
    }

    @Test
    void whatIsHiddenOrASystemsOwnIsPassedOverWithACount() throws IOException {
        grays("ants", 2, 0);
        Bytes.write(root.resolve("ants"), ".DS_Store", new byte[3]);
        Bytes.write(root.resolve("ants"), "._a.png", new byte[3]);
        Files.createDirectories(root.resolve(".cache"));
        grays("ants/@eaDir/a.png", 3, 0);
        grays("ants/.ipynb_checkpoints", 3, 0);
        grays("__MACOSX", 3, 0);
        Dataset data = read(AS_THEY_ARE);
        assertEquals(List.of("ants"), data.classes());
        assertEquals(2, data.train().count() + data.test().count());
        assertEquals(1, notices.size(), notices.toString());
        assertTrue(notices.get(0).contains(": 6 hidden files and folders"), notices.toString());
    }

    @Test
    void filesThatAreNoImagesArePassedOverWithANotice() throws IOException {
        grays("ants", 2, 0);
        Bytes.write(root.resolve("ants"), "Thumbs.db", new byte[3]);
        assertEquals(2, read(AS_THEY_ARE).train().count() + 1);
        assertEquals(1, notices.size());
        assertTrue(notices.get(0).contains("1 files are no images"), notices.get(0));
        assertTrue(notices.get(0).contains("Thumbs.db"), notices.get(0));
    }

    @Test
    void foldersBesideTrainAndTestGetANotice() {
        grays("train/ants", 1, 0);
        grays("test/ants", 1, 1);
        grays("raw/ants", 1, 2);
        read(AS_THEY_ARE);
        assertTrue(
                notices.get(0).contains("only train/ and test/ are used, not raw"),
                notices.toString());
    }

    @Test
    void foldersInsideAClassAreSearchedToAnyDepth() {
        grays("ants/red/small", 3, 0);
        grays("ants/black", 2, 10);
        grays("ants", 1, 20);
        grays("bees", 2, 100);
        Dataset data = read(AS_THEY_ARE);
        assertEquals(List.of("ants", "bees"), data.classes());
        assertEquals(8, data.train().count() + data.test().count());
        grays("train/ants/red", 2, 30);
        grays("test/ants/black", 1, 40);
        assertArrayEquals(new int[] {30, 31}, values(read(AS_THEY_ARE).train()));
    }

    @Test
    void linksAreFollowedButNotThoseThatLeadBack(@TempDir Path elsewhere) throws IOException {
        grays("ants", 2, 0);
        Images.gray(elsewhere.resolve("x/a.png"), 4, 3, 50);
        Files.createSymbolicLink(root.resolve("ants/more"), elsewhere);
        Files.createSymbolicLink(root.resolve("ants/up"), root);
        Files.createSymbolicLink(elsewhere.resolve("x/round"), elsewhere);
        Files.createSymbolicLink(root.resolve("self"), root);
        Dataset data = read(AS_THEY_ARE);
        assertEquals(List.of("ants"), data.classes());
        assertEquals(3, data.train().count() + data.test().count());
        assertEquals(1, notices.size(), notices.toString());
        assertTrue(notices.get(0).contains(": 3 links that lead back"), notices.toString());
    }
}

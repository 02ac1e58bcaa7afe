package org.centerloss.data.folder;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.centerloss.data.DatasetOptions;
import org.centerloss.data.image.Images;
import org.centerloss.data.known.Bytes;
import org.centerloss.data.known.Refusal;
import org.junit.jupiter.api.Test;

/** Folders of images that are refused, in one line that names the place. */
class ImageFolderRefusalsTest extends FolderOfImages {
    @Test
    void mixedSizesNameTwoFilesWithTheirSizesAndTheOption() {
        grays("ants", 8, 0);
        Images.gray(root.resolve("bees/x.png"), 5, 7, 1);
        Images.gray(root.resolve("bees/y.png"), 6, 7, 1);
        for (int repeat = 0; repeat < 10; repeat++) {
            Refusal.of(
                    () -> read(AS_THEY_ARE),
                    "ants/a.png has 4 × 3 pixels",
                    "bees/x.png has 5 × 7",
                    "--image-size");
        }
    }

    @Test
    void mixedGrayAndRgbNameTwoFilesAndTheOption() {
        grays("ants", 2, 0);
        Images.rgb(root.resolve("ants/z.png"), 4, 3, 1, 2, 3);
        Refusal.of(
                () -> read(AS_THEY_ARE),
                "ants/a.png is grayscale",
                "ants/z.png is RGB",
                "--channels 1",
                "--channels 3");
    }

    @Test
    void classFolderWithoutImagesIsNamed() throws IOException {
        grays("ants", 2, 0);
        Bytes.write(root.resolve("bees"), "notes.txt", new byte[3]);
        Refusal.of(() -> read(AS_THEY_ARE), "class bees: expected images", "png", "found none");
    }

    @Test
    void classMissingInTestOrTrainIsNamed() {
        grays("train/ants", 1, 0);
        grays("train/bees", 1, 0);
        grays("test/ants", 1, 0);
        Refusal.of(() -> read(AS_THEY_ARE), "class bees: expected images", "in test/bees");
        grays("test/bees", 1, 0);
        grays("test/cats", 1, 0);
        Refusal.of(() -> read(AS_THEY_ARE), "class cats: expected images", "in train/cats");
        grays("train/cats", 1, 0);
        grays("val/dogs", 1, 0);
        Refusal.of(() -> read(AS_THEY_ARE), "class dogs: expected images", "in train/dogs");
    }

    @Test
    void trainFolderWithoutTestFolderIsRefused() {
        grays("train/ants", 2, 0);
        Refusal.of(() -> read(AS_THEY_ARE), "found train/", "expected test/ beside it");
    }

    @Test
    void folderWithoutClassFoldersIsRefused() {
        Images.gray(root.resolve("a.png"), 3, 3, 1);
        Refusal.of(() -> read(AS_THEY_ARE), "a folder of images for each class, found no folders");
    }

    @Test
    void fileOrNothingInPlaceOfTheFolderIsRefused() throws IOException {
        Path file = Bytes.write(root, "file", new byte[1]);
        Refusal.of(
                () -> ImageFolder.read(file, DatasetOptions.DEFAULT),
                "file: expected a folder, found a file");
        Refusal.of(
                () -> ImageFolder.read(root.resolve("nothing"), DatasetOptions.DEFAULT),
                "nothing: no such folder");
    }

    @Test
    void firstCorruptImageIsNamedWhateverTheOrderOfThreads() throws IOException {
        grays("ants", 12, 0);
        for (int i = 0; i < 200; i++) {
            Bytes.write(root.resolve("ants"), "m%03d.png".formatted(i), new byte[] {1, 2, 3});
        }
        for (int repeat = 0; repeat < 10; repeat++) {
            Refusal.of(() -> read(AS_THEY_ARE), "ants/m000.png: not an image");
        }
    }

    @Test
    void unreadableFileIsNamed() throws IOException {
        grays("ants", 2, 0);
        Files.createSymbolicLink(root.resolve("ants/z.png"), root.resolve("nothing"));
        Refusal.of(() -> read(AS_THEY_ARE), "ants/z.png: cannot be read");
    }

    @Test
    void unreadableFolderIsNamed() throws IOException {
        grays("ants", 2, 0);
        Path locked = Files.createDirectory(root.resolve("locked"));
        Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("---------"));
        try {
            assumeFalse(Files.isReadable(locked), "this user may read everything");
            Refusal.of(() -> read(AS_THEY_ARE), "locked: folder cannot be read: permission denied");
        } finally {
            Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("rwx------"));
        }
    }

    @Test
    void moreThan2GiBSaysWhatToDo() {
        grays("ants", 23, 0);
        grays("bees", 23, 0);
        Refusal.of(
                () -> read(AS_THEY_ARE.withSize("4096x4096").withChannels(3)),
                "46 images of 3 × 4096 × 4096 need 2315255808 bytes",
                "2147483639",
                "--image-size");
    }

    @Test
    void classWithOneImageCannotBeSplit() {
        grays("ants", 5, 0);
        grays("bees", 1, 0);
        Refusal.of(() -> read(AS_THEY_ARE), "class bees", "at least 2 images", "train/ and test/");
    }
}

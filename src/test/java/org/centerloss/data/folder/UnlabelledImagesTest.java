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
import org.centerloss.data.Dataset;
import org.centerloss.data.DatasetOptions;
import org.centerloss.data.image.Background;
import org.centerloss.data.image.ImageOptions;
import org.centerloss.data.image.Images;
import org.centerloss.data.image.Resize;
import org.centerloss.data.known.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UnlabelledImagesTest {
    @TempDir private Path folder;

    private final List<String> notices = new ArrayList<>();

    @Test
    void foldersAreSearchedToAnyDepthByNameWithoutHiddenFiles() throws IOException {
        Path b = Images.gray(folder.resolve("b.png"), 2, 2, 1);
        Path deep = Images.gray(folder.resolve("a/z/deep.PNG"), 2, 2, 1);
        Images.gray(folder.resolve(".hidden/c.png"), 2, 2, 1);
        Images.gray(folder.resolve(".d.png"), 2, 2, 1);
        Files.writeString(folder.resolve("notes.txt"), "text");
        assertEquals(List.of(deep, b), UnlabelledImages.list(List.of(folder), notices::add));
        assertEquals(2, notices.size(), notices.toString());
        assertTrue(notices.get(0).startsWith(folder + ": 2 hidden files and folders"));
        assertEquals(
                folder
                        + ": 1 files are no images and were passed over, the first is "
                        + folder.resolve("notes.txt"),
                notices.get(1));
    }

    @Test
    void filesKeepTheOrderOfTheCommandLine() {
        List<Path> named = List.of(folder.resolve("b.png"), folder.resolve("a.anything"));
        assertEquals(named, UnlabelledImages.list(named, notices::add));
    }

    @Test
    void aFolderWithoutImagesIsRefused() {
        Refusal.of(
                () -> UnlabelledImages.list(List.of(folder), notices::add),
                folder + ": expected images (",
                "png",
                "found none");
    }

    @Test
    void aLinkThatLeadsBackIsPassedOverWithANotice() throws IOException {
        Path a = Images.gray(folder.resolve("a.png"), 2, 2, 1);
        Files.createSymbolicLink(folder.resolve("loop"), folder);
        assertEquals(List.of(a), UnlabelledImages.list(List.of(folder), notices::add));
        assertTrue(notices.get(0).contains("1 links that lead back"), notices.toString());
    }

    @ParameterizedTest
    @EnumSource
    void imagesAreConvertedAndResizedAsForTraining(Resize resize) {
        Path colour = Images.rgb(folder.resolve("train/class/colour.png"), 8, 8, 250, 10, 90);
        Path fitting = Images.gray(folder.resolve("train/class/fitting.png"), 8, 8, 5);
        Path small = Images.gray(folder.resolve("train/class/small.png"), 3, 5, 77);
        Images.gray(folder.resolve("test/class/any.png"), 8, 8, 6);
        ImageOptions options =
                ImageOptions.AS_THEY_ARE
                        .withSize("8")
                        .withChannels(1)
                        .withResize(resize)
                        .withBackground(Background.of("#204060"));
        Dataset trained =
                ImageFolder.read(
                        folder,
                        new DatasetOptions(null, true, options, notices::add, (d, t) -> {}));
        UnlabelledImages decoded =
                UnlabelledImages.decode(
                        List.of(colour, fitting, small), options, (done, total) -> {});
        assertArrayEquals(trained.train().pixels(), decoded.images().pixels());
        assertEquals(1, decoded.resized());
        assertEquals(1, decoded.converted());
    }

    @Test
    void aRefusedFileIsNamedAndTheOthersGoOn() throws IOException {
        Path good = Images.gray(folder.resolve("good.png"), 2, 2, 9);
        Path text = Files.writeString(folder.resolve("text.png"), "no picture");
        Path missing = folder.resolve("missing.png");
        UnlabelledImages decoded =
                UnlabelledImages.decode(
                        List.of(text, good, missing),
                        ImageOptions.AS_THEY_ARE.withSize(2, 2).withChannels(1),
                        (done, total) -> {});
        assertTrue(decoded.refusals().get(0).getMessage().startsWith(text + ": not an image"));
        assertNull(decoded.refusals().get(1));
        assertEquals(
                missing + ": cannot be read: no such file or folder",
                decoded.refusals().get(2).getMessage());
        assertArrayEquals(
                new byte[] {9, 9, 9, 9}, Arrays.copyOfRange(decoded.images().pixels(), 4, 8));
    }
}

package org.centerloss.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.centerloss.cli.Main;
import org.centerloss.cli.TinyRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How often a series of runs loads its data sets: each loading of a folder tells a note. */
class SharedDatasetTest {
    @TempDir private Path folder;

    /** How often a sweep loads a folder, one of whose images is broken. */
    private long loadings(Path parent, String grid) throws IOException {
        Files.writeString(parent.resolve("dark").resolve("broken.png"), "no image");
        List<String> arguments = new ArrayList<>(List.of("train", "--sweep", grid));
        arguments.addAll(List.of("--dataset", folder.resolve("images").toString()));
        arguments.addAll(List.of("--skip-broken", "--batch-size", "4", "--max-steps", "1"));
        arguments.addAll(List.of("--device", "cpu", "--no-report"));
        arguments.addAll(List.of("--out", folder.resolve("out").toString()));
        TinyRun.Result run = TinyRun.run(arguments);
        assertEquals(0, run.code(), run.err());
        return run.err().lines().filter(line -> line.contains("broken.png")).count();
    }

    private static DataSettings settings(Map<String, String> values) {
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        return Main.training(nowhere, nowhere, values, "train").dataSettings();
    }

    @Test
    void seedsShareAFolderThatHasItsOwnTestImages() throws IOException {
        TinyRun tiny = new TinyRun(folder);
        Path all = tiny.makeImages();
        Path whole = Files.move(all, folder.resolve("train"));
        Files.createDirectories(all);
        Path train = Files.move(whole, all.resolve("train"));
        for (String name : List.of("dark", "light")) {
            TinyRun.image(all.resolve("test").resolve(name).resolve("9.png"), 12, 9, 99);
        }
        assertEquals(1, loadings(train, "seed=0,1,2"));
    }

    @Test
    void seedsThatSplitAFolderAreLoadedOneAfterAnother() throws IOException {
        // Both are checked, the one that is trained first at the end, then the other is trained.
        assertEquals(3, loadings(new TinyRun(folder).makeImages(), "seed=0,1"));
    }

    @Test
    void whatDoesNotChangeTheImagesIsNoOtherDataSet() {
        DataSettings mnist = settings(Map.of("dataset", "mnist"));
        assertEquals(mnist, settings(Map.of("dataset", "mnist", "seed", "1")));
        assertEquals(mnist, settings(Map.of("dataset", "mnist", "loss", "cent", "feat-dim", "2")));
        assertEquals(mnist, settings(Map.of("dataset", "mnist", "augment", "light")));
        assertNotEquals(mnist, settings(Map.of("dataset", "cifar-10")));
        assertNotEquals(
                settings(Map.of("dataset", "mnist", "validation-fraction", "0.1", "seed", "1")),
                settings(Map.of("dataset", "mnist", "validation-fraction", "0.1", "seed", "2")));
    }
}

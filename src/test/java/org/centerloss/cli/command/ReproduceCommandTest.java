package org.centerloss.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.centerloss.cli.TinyMnist;
import org.centerloss.cli.TinyRun;
import org.centerloss.train.RunDirectory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code reproduce} on the real command line, with a data set of few images. */
class ReproduceCommandTest {
    @TempDir private Path folder;

    @BeforeEach
    void writeData() throws IOException {
        TinyMnist.write(folder.resolve("data").resolve("mnist"), 256, 20);
    }

    private TinyRun.Result reproduce(String... more) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "reproduce",
                                "--data-dir",
                                folder.resolve("data").toString(),
                                "--no-checksum",
                                "--no-report",
                                "--device",
                                "cpu",
                                "--out",
                                folder.resolve("out").toString()));
        arguments.addAll(List.of(more));
        return TinyRun.run(arguments);
    }

    @Test
    void theTableStandsBesideTheReferencesAndNothingIsRepeated() throws IOException {
        String[] part = {"--dataset", "mnist", "--feat-dim", "2", "--epochs", "1"};
        TinyRun.Result run = reproduce(part);
        assertEquals(0, run.code(), run.err());
        for (String line :
                List.of(
                        "mnist +2  xent +[0-9.]+ % +1 +99.1 % +-[0-9.]+  finished",
                        "mnist +2  cent +[0-9.]+ % +1 +99.0 % +-[0-9.]+  finished",
                        "mnist +2  standalone +[0-9.]+ % +1 +99.4 % +-[0-9.]+  finished")) {
            assertTrue(run.out().lines().anyMatch(l -> l.matches(line)), run.out());
        }
        assertTrue(run.out().contains("rows with fewer are not comparable"), run.out());
        String markdown = Files.readString(folder.resolve("out").resolve("table.md"));
        assertTrue(markdown.contains("| mnist | 2 | standalone | "), markdown);
        assertTrue(markdown.contains("not comparable"), markdown);
        List<String> csv = Files.readAllLines(folder.resolve("out").resolve("table.csv"));
        assertEquals(
                "dataset,feat_dim,loss,test_accuracy,best_epoch,epochs,reference_accuracy,difference,state,run_directory",
                csv.get(0));
        assertEquals(4, csv.size());
        assertTrue(csv.get(1).startsWith("mnist,2,xent,"), csv.get(1));
        String[] cells = csv.get(3).split(",");
        assertEquals(Double.parseDouble(cells[3]) - 0.994, Double.parseDouble(cells[7]), 1e-12);

        TinyRun.Result again = reproduce(part);
        assertEquals(0, again.code(), again.err());
        assertEquals(3, again.out().lines().filter(l -> l.contains("finished before")).count());
        assertFalse(again.out().contains("run 1 of"), again.out());
        assertEquals(csv, Files.readAllLines(folder.resolve("out").resolve("table.csv")));
    }

    @Test
    void aRunIsTheOneThatTrainMakes() throws IOException {
        TinyRun.Result run =
                reproduce(
                        "--dataset",
                        "mnist",
                        "--feat_dim",
                        "2",
                        "--loss",
                        "cent",
                        "--seed",
                        "3",
                        "--max-steps",
                        "1");
        assertEquals(0, run.code(), run.err());
        assertTrue(run.out().lines().anyMatch(l -> l.matches("mnist .* [0-9.]+ % .*finished")));
        Path own = folder.resolve("out").resolve("dataset=mnist_feat-dim=2_loss=cent");
        Path repeated = folder.resolve("repeated");
        TinyRun.Result train =
                TinyRun.run(
                        "train",
                        "--config",
                        own.resolve("config.json").toString(),
                        "--out",
                        repeated.toString());
        assertEquals(0, train.code(), train.err());
        RunDirectory.Configuration configuration = RunDirectory.readConfig(own);
        assertEquals(configuration.config(), RunDirectory.readConfig(repeated).config());
        assertEquals(3, configuration.config().seed());
        assertEquals(128, configuration.config().optimization().batchSize());
    }

    @Test
    void aDataSetThatIsNotThereIsNamedBeforeAnythingIsTrained() {
        TinyRun.Result run = reproduce("--feat-dim", "2", "--dataset", "mnist,cifar-10");
        assertEquals(1, run.code());
        assertTrue(run.complaint().contains("data set cifar-10 not found"), run.err());
        assertTrue(run.complaint().contains("--data-dir"), run.err());
        assertEquals(1, run.err().lines().count(), run.err());
        assertFalse(Files.exists(folder.resolve("out")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--dataset fashion-mini | --dataset: expected one of mnist, fashion-mnist, cifar-10, found fashion-mini",
                "--loss raw | --loss: expected one of xent, cent, standalone, found raw",
                "--feat-dim 3 | --feat-dim: expected one of 2, 128, found 3",
                "--epochs 0 | --epochs: expected at least 1, found 0",
                "--lr 0.1 | expected an option of 'centerloss reproduce', found --lr",
            })
    void whatTheTableDoesNotHaveIsRefused(String line, String expected) {
        TinyRun.Result run = reproduce(line.split(" "));
        assertEquals(2, run.code(), run.err());
        assertTrue(run.complaint().contains(expected), run.err());
        assertTrue(run.err().contains("See: centerloss reproduce --help"), run.err());
        assertFalse(Files.exists(folder.resolve("out")));
    }
}

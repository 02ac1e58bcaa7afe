package org.centerloss.report.page;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.centerloss.report.page.HtmlPage.Cell;
import org.centerloss.report.page.HtmlPage.Section;
import org.centerloss.report.page.HtmlPage.Table;
import org.centerloss.report.theme.Chart;
import org.centerloss.train.TrainingConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonPageTest {
    @TempDir private Path folder;

    private HtmlPage page(TrainingConfig... configs) throws IOException {
        List<RunResults> runs =
                Stream.of(configs)
                        .map(
                                config -> {
                                    try {
                                        Path run = Files.createTempDirectory(folder, "run");
                                        return RunResults.read(ExampleRun.write(run, config));
                                    } catch (IOException e) {
                                        throw new java.io.UncheckedIOException(e);
                                    }
                                })
                        .toList();
        return ComparisonPage.of(runs, runs.stream().map(r -> List.<HtmlPage.Figure>of()).toList());
    }

    private static Table table(HtmlPage page, String id) {
        Section section =
                page.sections().stream().filter(s -> s.id().equals(id)).findFirst().orElseThrow();
        return section.tables().get(0);
    }

    @Test
    void runsAreCalledByWhatTheyDifferIn() throws IOException {
        HtmlPage page =
                page(
                        ExampleRun.config("standalone", "mnist", 2, 3),
                        ExampleRun.config("cent", "mnist", 2, 3));
        assertEquals(
                List.of("Run 1: objective standalone", "Run 2: objective cent"),
                table(page, "results").rows().stream().map(HtmlPage.Row::name).toList());
        assertEquals(
                List.of("Loss: objective [standalone, cent]"),
                table(page, "settings").rows().stream()
                        .map(r -> r.name() + " " + r.cells().stream().map(Cell::text).toList())
                        .toList());
    }

    @Test
    void resultsOfTheSameImagesAreRanked() throws IOException {
        HtmlPage page =
                page(
                        ExampleRun.config("standalone", "mnist", 2, 3),
                        ExampleRun.config("cent", "mnist", 2, 5));
        List<String> first =
                table(page, "results").rows().get(1).cells().stream().map(Cell::text).toList();
        assertEquals(
                List.of(
                        "81.25 %",
                        "–",
                        "2",
                        "75.00 %",
                        "−6.25",
                        "99.0 %",
                        "75.00 %",
                        "−25.5000",
                        "3 of 5",
                        "2,560",
                        "25 s"),
                first.subList(0, 11));
        assertEquals(
                List.of(true, true),
                table(page, "results").rows().stream()
                        .map(row -> row.cells().get(0).marked())
                        .toList(),
                "a tie");
        HtmlPage others =
                page(
                        ExampleRun.config("standalone", "mnist", 2, 3),
                        ExampleRun.config("standalone", "cifar-10", 2, 3));
        assertEquals(
                List.of(false, false),
                table(others, "results").rows().stream()
                        .map(row -> row.cells().get(0).marked())
                        .toList(),
                "other images");
    }

    @Test
    void aShorterRunsCurveEndsEarlier() throws IOException {
        TrainingConfig config = ExampleRun.config("standalone", "mnist", 2, 3);
        RunResults whole = RunResults.read(ExampleRun.write(folder.resolve("whole"), config));
        Path cut = ExampleRun.write(folder.resolve("cut"), config);
        Files.write(
                cut.resolve("metrics.csv"),
                Files.readAllLines(cut.resolve("metrics.csv")).subList(0, 3));
        Chart chart = Curves.of(List.of(whole, RunResults.read(cut)), List.of("a", "b")).get(0);
        assertEquals(List.of(0.5, 0.8125, 0.75), chart.series().get(0).values());
        assertEquals(Arrays.asList(0.5, 0.8125, null), chart.series().get(1).values());
    }
}

package org.centerloss.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.centerloss.base.InputException;
import org.centerloss.data.Dataset;
import org.centerloss.data.ImageSet;
import org.centerloss.device.Device;
import org.centerloss.device.op.Augmentation;
import org.centerloss.report.page.TextTable;
import org.centerloss.train.DivergenceException;
import org.centerloss.train.Trainer;
import org.centerloss.train.TrainingConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The order in which a series loads, checks and trains, with trainings that only say so. */
class RunSeriesTest {
    @TempDir private Path folder;
    private final List<String> events = new ArrayList<>();
    private String refused = "none";
    private String interrupted = "none";

    private final class NotedTraining implements Training {
        private final String dataset;
        private final String name;

        NotedTraining(Map<String, String> settings) {
            dataset = settings.get("dataset");
            name = dataset + settings.get("seed");
        }

        @Override
        public TrainingConfig checked() {
            throw new AssertionError("no run directory is there");
        }

        @Override
        public Map<String, Object> options() {
            return Map.of();
        }

        @Override
        public Object dataSettings() {
            return dataset;
        }

        @Override
        public Dataset load() {
            events.add("load " + dataset);
            ImageSet images = new ImageSet(1, 1, 1, new byte[2], new int[] {0, 1});
            return new Dataset(
                    dataset, dataset, List.of("x", "y"), Augmentation.NONE, images, images);
        }

        @Override
        public void requireTrainable(Dataset whole) {
            assertEquals(dataset, whole.name());
            if (name.equals(refused)) {
                throw new InputException(name);
            }
            events.add("check " + name);
        }

        @Override
        public boolean isReported() {
            return false;
        }

        @Override
        public Trainer.Outcome trainIn(
                Path own, Device device, Dataset whole, BooleanSupplier stop) {
            assertEquals(dataset, whole.name());
            events.add("train " + name);
            return name.equals(interrupted)
                    ? Trainer.Outcome.INTERRUPTED
                    : Trainer.Outcome.FINISHED;
        }
    }

    private final class NotedTable implements ResultTable {
        @Override
        public String file() {
            return "table";
        }

        @Override
        public TextTable shown(List<Result> results) {
            return values(results);
        }

        @Override
        public List<String> spare() {
            return List.of();
        }

        @Override
        public TextTable values(List<Result> results) {
            return new TextTable(
                    List.of("run", "state"),
                    results.stream()
                            .map(r -> List.of(r.member().name(), r.state().toString()))
                            .toList());
        }

        @Override
        public List<String> notes(List<Result> results) {
            events.add("table");
            return List.of("a note");
        }
    }

    private final class NotedProgress implements RunSeries.Listener {
        @Override
        public void finishedBefore(Member member) {
            throw new AssertionError("nothing is finished");
        }

        @Override
        public void started(Member member, int number, int members) {
            events.add("%s, %d of %d".formatted(member.name(), number, members));
        }

        @Override
        public void diverged(Member member, DivergenceException reason) {
            throw new AssertionError(reason);
        }
    }

    private RunSeries series() {
        Map<String, List<String>> grid = new LinkedHashMap<>();
        grid.put("dataset", List.of("a", "b"));
        grid.put("seed", List.of("1", "2"));
        return new RunSeries(
                folder, new SettingsGrid(grid), NotedTraining::new, new NotedTable(), Set.of());
    }

    private boolean run(RunSeries series, BooleanSupplier stop) {
        NotedProgress progress = new NotedProgress();
        List<Member> open = series.check(progress);
        assertEquals(4, open.size());
        assertFalse(Files.exists(series.csvFile()), "the check writes nothing");
        return series.train(open, null, stop, progress);
    }

    @Test
    void allIsCheckedBeforeTheFirstIsTrainedAndNeighboursShareTheirDataSet() throws Exception {
        RunSeries series = series();
        assertTrue(run(series, () -> false));
        assertEquals(
                List.of(
                        "load b",
                        "check b1",
                        "check b2",
                        "load a",
                        "check a1",
                        "check a2",
                        "dataset=a seed=1, 1 of 4",
                        "train a1",
                        "table",
                        "dataset=a seed=2, 2 of 4",
                        "train a2",
                        "table",
                        "dataset=b seed=1, 3 of 4",
                        "load b",
                        "train b1",
                        "table",
                        "dataset=b seed=2, 4 of 4",
                        "train b2",
                        "table"),
                events);
        assertEquals(
                List.of(
                        "run,state",
                        "dataset=a seed=1,to do",
                        "dataset=a seed=2,to do",
                        "dataset=b seed=1,to do",
                        "dataset=b seed=2,to do"),
                Files.readAllLines(series.csvFile()));
        String markdown = Files.readString(series.markdownFile());
        assertTrue(markdown.endsWith("| dataset=b seed=2 | to do |\n\na note\n"), markdown);
    }

    @Test
    void aMemberThatIsRefusedLetsNothingBeTrained() {
        refused = "a2";
        RunSeries series = series();
        assertThrows(InputException.class, () -> series.check(new NotedProgress()));
        assertTrue(events.stream().noneMatch(event -> event.startsWith("train")));
        assertFalse(Files.exists(series.csvFile()));
    }

    @Test
    void nothingIsTrainedAfterAnInterruption() {
        interrupted = "a2";
        assertFalse(run(series(), () -> false));
        assertEquals(
                List.of("train a2", "table"), events.subList(events.size() - 2, events.size()));
    }

    @Test
    void aStopBetweenTwoMembersIsHeard() {
        assertFalse(run(series(), () -> events.contains("train a1")));
        assertEquals(
                List.of("train a1", "table"), events.subList(events.size() - 2, events.size()));
    }
}

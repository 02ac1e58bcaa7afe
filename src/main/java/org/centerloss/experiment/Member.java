package org.centerloss.experiment;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.centerloss.base.InputException;
import org.centerloss.report.page.RunReport;
import org.centerloss.train.Checkpoint;
import org.centerloss.train.FinalResult;
import org.centerloss.train.RunDirectory;

/**
 * One training of a series.
 *
 * @param settings what sets it apart from the others, by option
 * @param folder its run directory
 */
public record Member(Map<String, String> settings, Path folder, Training training) {
    /** Its settings as one writes them. */
    public String name() {
        return SettingsGrid.text(settings);
    }

    /** Whether its folder holds a run, which may be finished. */
    boolean isBegun() {
        return RunDirectory.isRun(folder);
    }

    boolean isFinished() {
        Path last = RunDirectory.last(folder);
        return isBegun()
                && Files.exists(last)
                && training.checked().isFinished(Checkpoint.read(last).progress())
                && FinalResult.kept(folder).isPresent();
    }

    /** A process may have died after the run had finished, before it had its report. */
    boolean hasItsReport() {
        return !training.isReported() || Files.exists(RunReport.file(folder));
    }

    /**
     * Checks that its folder holds no run with other options.
     *
     * @param freeToChange names of the options, with dashes, that may be others
     * @throws InputException naming the first option that is another one
     */
    void requireOwnFolder(Set<String> freeToChange) {
        if (!isBegun()) {
            return;
        }
        Map<String, Object> found = RunDirectory.readConfig(folder).options();
        Map<String, Object> expected = training.options();
        Set<String> names = new TreeSet<>(expected.keySet());
        names.addAll(found.keySet());
        names.removeIf(name -> freeToChange.contains("--" + name));
        for (String name : names) {
            if (!String.valueOf(expected.get(name)).equals(String.valueOf(found.get(name)))) {
                throw new InputException(
                        "%s: expected a run with %s, found one with %s; choose another --out"
                                .formatted(folder, text(name, expected), text(name, found)));
            }
        }
    }

    private static String text(String name, Map<String, Object> values) {
        return values.containsKey(name)
                ? "--%s %s".formatted(name, values.get(name))
                : "no --" + name;
    }
}

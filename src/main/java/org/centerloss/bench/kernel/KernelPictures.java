package org.centerloss.bench.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.centerloss.base.InputException;
import org.centerloss.device.instrument.Peaks;
import org.centerloss.report.theme.Figure;
import org.centerloss.report.theme.Theme;

/**
 * Pictures of a run: for each operation its time against each size that was varied, and one
 * roofline for all.
 */
public final class KernelPictures {
    private final Path folder;
    private final String device;

    /**
     * @param folder where pictures go, made where it is missing
     * @param device what the run ran on, to stand below each picture
     */
    public KernelPictures(Path folder, String device) {
        this.folder = folder;
        this.device = device;
    }

    /**
     * Finds out before the work whether pictures can be made after it.
     *
     * @throws InputException if not
     */
    public void requirePossible() {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new InputException(
                    folder + ": expected a folder for pictures: " + InputException.reason(e), e);
        }
        if (!Files.isWritable(folder)) {
            throw new InputException(folder + ": may not be written");
        }
        try {
            Theme.requireFonts();
        } catch (InputException e) {
            throw new InputException(e.getMessage() + ", or leave --plot out", e);
        }
    }

    /** Writes every picture, with its SVG beside it, and returns the files of the former. */
    public List<Path> write(List<KernelRow> rows, Peaks peaks) {
        List<Path> files = new ArrayList<>();
        for (KernelOp op : KernelOp.values()) {
            KernelCharts.times(op, rows).ifPresent(figure -> files.add(write(op.key(), figure)));
        }
        if (rows.stream().anyMatch(row -> row.timing() != null)) {
            files.add(write("roofline", KernelCharts.roofline(rows, peaks)));
        }
        return files;
    }

    private Path write(String name, Figure figure) {
        return figure.remark(device).picture(name, name, device).write(folder);
    }
}

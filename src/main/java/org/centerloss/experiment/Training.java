package org.centerloss.experiment;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.centerloss.base.InputException;
import org.centerloss.data.Dataset;
import org.centerloss.device.Device;
import org.centerloss.train.DivergenceException;
import org.centerloss.train.Trainer;
import org.centerloss.train.TrainingConfig;

/** A training that is ready to be run in a folder. */
public interface Training {
    /** The settings, checked as far as that goes without the data set. */
    TrainingConfig checked();

    /** Every option with its value, by name without dashes, as {@code config.json} keeps them. */
    Map<String, Object> options();

    /** What {@link #load} goes by: trainings with equal ones load the same data set. */
    Object dataSettings();

    /** The whole data set. */
    Dataset load();

    /**
     * Checks that the settings go with a data set, of which they may hold classes out.
     *
     * @throws InputException if they do not
     */
    void requireTrainable(Dataset whole);

    /** Whether a finished run gets its report. */
    boolean isReported();

    /**
     * Trains in a folder: from the start where it is new, else from where it stopped.
     *
     * @param stop asked after each step
     * @throws DivergenceException if a loss term becomes infinite or not a number
     */
    Trainer.Outcome trainIn(Path folder, Device device, Dataset whole, BooleanSupplier stop);
}

package org.centerloss.train;

import java.util.stream.LongStream;
import org.centerloss.base.Resources;
import org.centerloss.device.Device;
import org.centerloss.device.op.StepTable;
import org.centerloss.optim.Optimizer;
import org.centerloss.optim.Schedule;

/**
 * Hands the optimiser of a recorded step the rates of the schedule: computed in float64, and put on
 * the device once in an epoch.
 */
final class LearningRates implements AutoCloseable {
    private final Resources owned = new Resources();
    private final Schedule schedule;
    private final Optimizer optimizer;
    private final StepTable table;

    LearningRates(Device device, Schedule schedule, Optimizer optimizer, int stepsPerEpoch) {
        this.schedule = schedule;
        this.optimizer = optimizer;
        int width = Math.toIntExact(optimizer.coefficients().size());
        table = owned.add(device.stepTable(stepsPerEpoch, width));
    }

    /** Puts the rates of the next steps on the device, of at least one; synchronises. */
    void begin(TrainState progress, int steps) {
        double[] rates =
                LongStream.range(progress.step(), progress.step() + steps)
                        .mapToDouble(step -> schedule.rate(step, progress.schedule()))
                        .toArray();
        table.begin(optimizer.coefficients(rates, progress.step() + 1));
    }

    /** Goes on to the next step; can be recorded. */
    void next() {
        table.next(optimizer.coefficients());
    }

    /** The rate of the last step. */
    double last(TrainState progress) {
        return schedule.rate(progress.step() - 1, progress.schedule());
    }

    /** The schedule's state after an epoch that ended there with that accuracy. */
    Schedule.State after(TrainState progress, double accuracy) {
        return schedule.after(progress.schedule(), accuracy, progress.step());
    }

    @Override
    public void close() {
        owned.close();
    }
}

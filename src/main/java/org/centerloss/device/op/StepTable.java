package org.centerloss.device.op;

import org.centerloss.device.DeviceException;
import org.centerloss.device.Tensor;

/**
 * Values that change from step to step, such as the learning rate: a table on the device, of which
 * every step reads the next row.
 *
 * <p>The table and the position in it live on the device, so {@link #next} can be part of a
 * recorded program.
 */
public interface StepTable extends Op {
    /**
     * Fills the table and goes to its first row; synchronises.
     *
     * @param rows one row after another, from 1 row to as many as the table was made for; rounded
     *     where tensors are float32
     */
    void begin(double[] rows);

    /**
     * Copies the next row and moves on. Behind the last row the copy is NaN, since a recorded
     * program cannot throw. Throws {@link DeviceException} where {@link #begin} was never called.
     *
     * @param row [values of a row]; overwritten
     */
    void next(Tensor row);
}

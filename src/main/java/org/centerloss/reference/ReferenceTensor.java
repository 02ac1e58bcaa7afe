package org.centerloss.reference;

import java.util.Arrays;
import org.centerloss.device.DeviceException;
import org.centerloss.device.Tensor;
import org.centerloss.device.TensorForm;

/** Float64 numbers in plain row-major order, activations too. */
final class ReferenceTensor implements Tensor {
    final ReferenceDevice device;
    final TensorForm form;

    /** The storage, shared with slices; this tensor's first element is at {@link #offset}. */
    final double[] data;

    final int offset;

    private final ReferenceTensor owner;
    private boolean closed;

    ReferenceTensor(ReferenceDevice device, TensorForm form) {
        this.device = device;
        this.form = form;
        device.opened(this, 8L * form.size());
        this.data = new double[form.size()];
        this.offset = 0;
        this.owner = null;
    }

    private ReferenceTensor(ReferenceTensor owner, int offset, TensorForm form) {
        this.device = owner.device;
        this.form = form;
        this.data = owner.data;
        this.offset = offset;
        this.owner = owner;
    }

    double get(int index) {
        return data[offset + index];
    }

    void set(int index, double value) {
        data[offset + index] = value;
    }

    void add(int index, double value) {
        data[offset + index] += value;
    }

    void checkOpen() {
        if (closed || owner != null && owner.closed) {
            throw new DeviceException(this + " was closed");
        }
        device.checkOpen();
    }

    @Override
    public int[] shape() {
        return form.shape();
    }

    @Override
    public long size() {
        return form.size();
    }

    @Override
    public void write(float[] values) {
        checkTransfer("write", values.length);
        for (int i = 0; i < form.size(); i++) {
            data[offset + i] = values[i];
        }
    }

    @Override
    public void write(double[] values) {
        checkTransfer("write", values.length);
        System.arraycopy(values, 0, data, offset, form.size());
    }

    @Override
    public void read(float[] destination) {
        checkTransfer("read", destination.length);
        for (int i = 0; i < form.size(); i++) {
            destination[i] = (float) data[offset + i];
        }
    }

    @Override
    public void read(double[] destination) {
        checkTransfer("read", destination.length);
        System.arraycopy(data, offset, destination, 0, form.size());
    }

    private void checkTransfer(String operation, int length) {
        checkOpen();
        form.requireLength(operation, length);
    }

    @Override
    public void zero() {
        checkOpen();
        Arrays.fill(data, offset, offset + form.size(), 0);
    }

    @Override
    public void copyFrom(Tensor source) {
        checkOpen();
        if (!(source instanceof ReferenceTensor from) || !from.form.isLike(form)) {
            throw TensorForm.unexpected(
                    "copyFrom",
                    "source",
                    form.isActivation(),
                    shape(),
                    source,
                    source instanceof ReferenceTensor other && other.device == device);
        }
        from.checkOpen();
        System.arraycopy(from.data, from.offset, data, offset, form.size());
    }

    @Override
    public Tensor slice(long start, int... sliceShape) {
        checkOpen();
        return new ReferenceTensor(this, (int) start, form.slice(start, sliceShape));
    }

    @Override
    public void close() {
        if (!closed && owner == null) {
            device.closed(this, 8L * form.size());
        }
        closed = true;
    }

    @Override
    public String toString() {
        return form.toString();
    }
}

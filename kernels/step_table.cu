// Copies the next row of a table and moves on, so that a recorded graph reads other values in
// every step. Behind the last row the copy is NaN.
//
// Shapes: table: [capacity, values], of which the first position.rows rows; row: [values].
// Launch: one block of one warp: a row has few values, and whoever moves the position on must
//     know that all others have read it.
// Bytes: 8 · values, the position by every thread, and 4 where it moves on.
// Operations: none.

static constexpr int kThreads = 32;

// In device memory, so that a recorded graph moves on by itself. StepTableKernel writes it.
struct Position {
    int next;
    int rows;
};

extern "C" __global__ void __launch_bounds__(kThreads)
    step_table_next(const float* __restrict__ table, Position* position, int values,
                    float* __restrict__ row) {
    int next = position->next;
    bool inside = next < position->rows;
    const float* source = table + static_cast<long long>(next) * values;
    for (int k = static_cast<int>(threadIdx.x); k < values; k += kThreads) {
        row[k] = inside ? source[k] : __int_as_float(0x7fc00000);
    }
    __syncthreads();
    if (threadIdx.x == 0 && inside) {
        position->next = next + 1;
    }
}

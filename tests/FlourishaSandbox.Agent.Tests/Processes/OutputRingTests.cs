using FlourishaSandbox.Agent.Processes;

namespace FlourishaSandbox.Agent.Tests.Processes;

public sealed class OutputRingTests
{
    private const int Limit = 16 * 1024;

    [Fact]
    public void It_is_empty_and_takes_no_memory_at_first()
    {
        var ring = new OutputRing(Limit, keepsRead: true);
        Assert.Equal((0L, 0L, 0), (ring.Written, ring.Kept, ring.Capacity));
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(true, 2)]
    [InlineData(false, 3)]
    [InlineData(false, 4)]
    public void It_holds_what_was_written_whatever_happens(bool keepsRead, int seed)
    {
        var random = new Random(seed);
        var ring = new OutputRing(Limit, keepsRead);
        var written = new List<(OutputSource Source, byte Value)>();
        long? position = 0;
        for (var step = 0; step < 20_000; step++)
        {
            switch (random.Next(10))
            {
                case < 6:
                    var source = (OutputSource)random.Next(2);
                    var room = ring.GetRoom(source, position ?? long.MaxValue);
                    var count = Math.Min(room.Length, random.Next(1, 3000));
                    random.NextBytes(room[..count]);
                    foreach (var value in room[..count])
                        written.Add((source, value));

                    if (count > 0)
                        ring.Add(source, count);
                    break;
                case < 9 when position is { } offset && offset < ring.Written:
                    var (from, bytes) = ring.Peek(offset, random.Next(1, 5000));
                    Assert.NotEqual(0, bytes.Length);
                    for (var i = 0; i < bytes.Length; i++)
                        Assert.Equal(written[(int)offset + i], (from, bytes.Span[i]));

                    position = offset + bytes.Length;
                    break;
                case 9 when step % 50 == 0:
                    position = position is null ? ring.Kept : null;
                    break;
            }

            Assert.Equal(written.Count, ring.Written);
            Assert.InRange(ring.Kept, 0, ring.Written);
            Assert.InRange(ring.Capacity, 0, Limit);
            Assert.True(ring.Kept <= (position ?? ring.Written), "what a reader needs is kept");
        }

        ring.Trim();
        for (var offset = ring.Kept; offset < ring.Written;)
        {
            var (from, bytes) = ring.Peek(offset, int.MaxValue);
            for (var i = 0; i < bytes.Length; i++)
                Assert.Equal(written[(int)offset + i], (from, bytes.Span[i]));

            offset += bytes.Length;
        }
    }

    [Fact]
    public void A_reader_that_is_behind_by_all_of_it_leaves_no_room()
    {
        var ring = new OutputRing(Limit, keepsRead: true);
        while (!ring.GetRoom(OutputSource.Stdout, 0).IsEmpty)
            ring.Add(OutputSource.Stdout, ring.GetRoom(OutputSource.Stdout, 0).Length);

        Assert.Equal((Limit, 0), (ring.Written, ring.Kept));
        Assert.Equal(100, ring.GetRoom(OutputSource.Stdout, 100).Length);
        Assert.NotEqual(0, ring.GetRoom(OutputSource.Stdout, long.MaxValue).Length);
    }

    [Fact]
    public void Single_bytes_by_turns_are_bounded_by_their_number()
    {
        var ring = new OutputRing(Limit, keepsRead: true);
        for (var i = 0; i < 1000; i++)
        {
            ring.GetRoom((OutputSource)(i % 2), long.MaxValue)[0] = (byte)i;
            ring.Add((OutputSource)(i % 2), 1);
        }

        Assert.Equal(64, ring.Written - ring.Kept);
        Assert.Equal((OutputSource.Stdout, unchecked((byte)998)), (ring.Peek(998, 10).Source, ring.Peek(998, 10).Bytes.Span[0]));
    }

    [Fact]
    public void What_every_reader_has_had_is_not_kept_where_nobody_can_come_back()
    {
        var ring = new OutputRing(Limit, keepsRead: false);
        for (var i = 0; i < 100; i++)
        {
            var room = ring.GetRoom(OutputSource.Stdout, ring.Written);
            ring.Add(OutputSource.Stdout, Math.Min(1000, room.Length));
        }

        Assert.Equal(4096, ring.Capacity);
    }
}

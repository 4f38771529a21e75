using System.Text;

namespace FlourishaSandbox.Commands;

/// <summary>
/// Makes lines of the bytes of one stream: UTF-8 with characters cut anywhere, ended by LF or CR LF. A line longer than
/// <see cref="MaximumLength"/> characters is handed out in pieces, because a hostile one may have no end.
/// </summary>
internal sealed class LineSplitter
{
    /// <summary>The most characters of one line: 1 Mi.</summary>
    public const int MaximumLength = 1 << 20;

    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly StringBuilder _line = new();
    private char[] _characters = [];

    /// <summary>Takes bytes and gives the lines that they complete.</summary>
    public IEnumerable<string> Push(ReadOnlyMemory<byte> data, bool isEnd = false)
    {
        var needed = Encoding.UTF8.GetMaxCharCount(data.Length);
        if (_characters.Length < needed)
            _characters = new char[needed];

        var count = _decoder.GetChars(data.Span, _characters, isEnd);
        var start = 0;
        while (start < count)
        {
            var room = MaximumLength - _line.Length;
            var end = Array.IndexOf(_characters, '\n', start, count - start);
            var take = (end < 0 ? count : end) - start;
            if (take > room)
            {
                // Not between the two halves of a character.
                if (room > 0 && char.IsHighSurrogate(_characters[start + room - 1]))
                    room--;

                _line.Append(_characters, start, room);
                start += room;
                yield return Take(isEnded: false);
                continue;
            }

            _line.Append(_characters, start, take);
            start += take;
            if (end >= 0)
            {
                start++;
                yield return Take(isEnded: true);
            }
        }

        if (isEnd && _line.Length > 0)
            yield return Take(isEnded: false);
    }

    private string Take(bool isEnded)
    {
        if (isEnded && _line.Length > 0 && _line[^1] == '\r')
            _line.Length--;

        var text = _line.ToString();
        _line.Clear();
        return text;
    }
}

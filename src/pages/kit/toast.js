const toast = document.getElementById('toast')
let hiding

/**
 * Shows a sentence for a while, and louder for a warning.
 * @param ms how long
 */
export function show(text, alert, ms) {
  toast.textContent = text
  toast.className = alert ? 'shown alert' : 'shown'
  clearTimeout(hiding)
  hiding = setTimeout(() => {
    toast.className = ''
  }, ms)
}
